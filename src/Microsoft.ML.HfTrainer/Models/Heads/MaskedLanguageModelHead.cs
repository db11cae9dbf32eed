using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>What a <see cref="MaskedLanguageModelHead"/> is made of, and its weight names.</summary>
internal sealed record MaskedLanguageModelShape
{
    /// <summary>The dense layer.</summary>
    public required string Dense { get; init; }

    /// <summary>Whether the dense layer has a bias.</summary>
    public bool DenseBias { get; init; } = true;

    /// <summary>What follows the dense layer.</summary>
    public required Activation Activation { get; init; }

    /// <summary>The norm after that.</summary>
    public required string Norm { get; init; }

    /// <summary>Whether the norm has a shift.</summary>
    public bool NormBias { get; init; } = true;

    /// <summary>What is added to a variance in the norm.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The decoder, which holds the bias.</summary>
    public required string Decoder { get; init; }

    /// <summary>Whether the decoder has a bias.</summary>
    public bool DecoderBias { get; init; } = true;

    /// <summary>The part of the decoder that its matrix is named after where it has one of its own; null: the decoder itself.</summary>
    public string? DecoderMatrix { get; init; }

    /// <summary>Whether the matrix is that of the input embedding where the configuration does not say.</summary>
    public bool IsTied { get; init; } = true;

    /// <summary>How the loss is averaged.</summary>
    public LossReduction Reduction { get; init; }

    /// <summary>Whether the scores are of the token after each, and not of the token itself.</summary>
    public bool PredictsNext { get; init; }
}

/// <summary>Scores of the vocabulary for each token: dense layer, activation, norm, and the input embedding as decoder.</summary>
internal sealed class MaskedLanguageModelHead(MaskedLanguageModelShape shape) : TaskHead
{
    private Linear _dense = null!;
    private LayerNorm _norm = null!;
    private TokenDecoder _decoder = null!;

    public override bool ShiftsLabels => shape.PredictsNext;

    internal override TokenDecoder Decoder => _decoder;

    public override void Build(HeadedModel model)
    {
        var embedding = model.Body.RequireEmbedding(model.Body.InputEmbedding);
        var size = embedding.Weight.Columns;
        var tied = model.Config.GetBool("tie_word_embeddings", shape.IsTied);
        _decoder = model.Register(shape.Decoder, new TokenDecoder(embedding, tied, shape.DecoderBias, shape.Decoder, shape.DecoderMatrix));
        _dense = model.Register(shape.Dense, new Linear(model.Body.Size, size, shape.DenseBias));
        _norm = model.Register(shape.Norm, new LayerNorm(size, shape.Epsilon, shape.NormBias));
    }

    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        using var scope = NewDisposeScope();
        var logits = layout.ToPadded(_decoder.Forward(_norm.Forward(shape.Activation.Forward(_dense.Forward(hidden)))));
        return (shape.PredictsNext ? TokenLosses.NextTokenOutput(logits, batch) : TokenLosses.Output(logits, batch, shape.Reduction)).MoveToOuterDisposeScope();
    }
}
