using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>The layers of a <see cref="MaskedLanguageModelHead"/> and their names in checkpoints.</summary>
public sealed record MaskedLanguageModelShape
{
    /// <summary>The name of the dense layer.</summary>
    public required string Dense { get; init; }

    /// <summary>true if the dense layer has a bias. Default: true.</summary>
    public bool DenseBias { get; init; } = true;

    /// <summary>The activation after the dense layer.</summary>
    public required Activation Activation { get; init; }

    /// <summary>The name of the activation in checkpoints, if it has weights. Default: <c>activation</c>.</summary>
    public string ActivationName { get; init; } = "activation";

    /// <summary>The name of the layer norm after the activation.</summary>
    public required string Norm { get; init; }

    /// <summary>true if the norm has a bias. Default: true.</summary>
    public bool NormBias { get; init; } = true;

    /// <summary>The number that the norm adds to the variance.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The name of the decoder, the layer that scores the vocabulary and holds the bias.</summary>
    public required string Decoder { get; init; }

    /// <summary>true if the decoder has a bias. Default: true.</summary>
    public bool DecoderBias { get; init; } = true;

    /// <summary>The name within the decoder of the part that holds a matrix of its own. If null, the decoder itself holds it.</summary>
    public string? DecoderMatrix { get; init; }

    /// <summary>true if the matrix is tied to the input embedding when the configuration has no <c>tie_word_embeddings</c>. Default: true.</summary>
    public bool IsTied { get; init; } = true;

    /// <summary>The reduction of the loss.</summary>
    public LossReduction Reduction { get; init; }

    /// <summary>true if scores are those of the next token (causal language modelling) and not of the token itself.</summary>
    public bool PredictsNext { get; init; }
}
