using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>What a <see cref="Classifier"/> is made of, and its weight names.</summary>
internal sealed record ClassifierShape
{
    /// <summary>The last layer.</summary>
    public string Output { get; init; } = "classifier";

    /// <summary>A dense layer before it; null: there is none.</summary>
    public string? Dense { get; init; }

    /// <summary>Whether the dense layer has a bias.</summary>
    public bool DenseBias { get; init; } = true;

    /// <summary>What follows the dense layer; nothing if none is given.</summary>
    public Activation Activation { get; init; } = Activation.Identity;

    /// <summary>A norm after that; null: there is none.</summary>
    public string? Norm { get; init; }

    /// <summary>Whether the norm has a shift.</summary>
    public bool NormBias { get; init; } = true;

    /// <summary>What is added to a variance in the norm.</summary>
    public double Epsilon { get; init; }

    /// <summary>The dropout before the dense layer.</summary>
    public double InputDropout { get; init; }

    /// <summary>The dropout before the last layer.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the last layer has a bias.</summary>
    public bool Bias { get; init; } = true;
}

/// <summary>Scores of vectors: dropout, dense layer, activation and norm where the shape has them, dropout, linear layer.</summary>
internal sealed class Classifier
{
    private readonly Activation _activation;
    private readonly Linear? _dense;
    private readonly LayerNorm? _norm;
    private readonly Linear _output;
    private readonly Dropout _inputDropout, _dropout;

    /// <summary>Registers its layers on the model.</summary>
    public Classifier(HeadedModel model, ClassifierShape shape, long outputs)
    {
        var size = model.Body.Size;
        _activation = shape.Activation;
        _inputDropout = model.Register("input_dropout", new Dropout(shape.InputDropout));
        _dense = shape.Dense is null ? null : model.Register(shape.Dense, new Linear(size, size, shape.DenseBias));
        _norm = shape.Norm is null ? null : model.Register(shape.Norm, new LayerNorm(size, shape.Epsilon, shape.NormBias));
        _dropout = model.Register("dropout", new Dropout(shape.Dropout));
        _output = model.Register(shape.Output, new Linear(size, outputs, shape.Bias));
    }

    public Tensor Forward(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var features = _inputDropout.Forward(vectors);
        features = _activation.Forward(_dense?.Forward(features) ?? features);
        return _output.Forward(_dropout.Forward(_norm?.Forward(features) ?? features)).MoveToOuterDisposeScope();
    }
}
