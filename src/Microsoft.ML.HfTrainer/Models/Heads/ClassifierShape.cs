using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>The layers of a classifier and their names in checkpoints. By default it is one linear layer named <c>classifier</c>.</summary>
public sealed record ClassifierShape
{
    /// <summary>The name of the output layer. Default: <c>classifier</c>.</summary>
    public string Output { get; init; } = "classifier";

    /// <summary>The name of a dense layer before it. If null, there is none.</summary>
    public string? Dense { get; init; }

    /// <summary>true if the dense layer has a bias. Default: true.</summary>
    public bool DenseBias { get; init; } = true;

    /// <summary>The activation after the dense layer. Default: the identity.</summary>
    public Activation Activation { get; init; } = Activation.Identity;

    /// <summary>The name of the activation in checkpoints, if it has weights. Default: <c>activation</c>.</summary>
    public string ActivationName { get; init; } = "activation";

    /// <summary>The name of a layer norm after the activation. If null, there is none.</summary>
    public string? Norm { get; init; }

    /// <summary>true if the norm has a bias. Default: true.</summary>
    public bool NormBias { get; init; } = true;

    /// <summary>The number that the norm adds to the variance.</summary>
    public double Epsilon { get; init; }

    /// <summary>The dropout probability before the dense layer. Default: 0.</summary>
    public double InputDropout { get; init; }

    /// <summary>The dropout probability before the output layer. Default: 0.</summary>
    public double Dropout { get; init; }

    /// <summary>true if the output layer has a bias. Default: true.</summary>
    public bool Bias { get; init; } = true;
}
