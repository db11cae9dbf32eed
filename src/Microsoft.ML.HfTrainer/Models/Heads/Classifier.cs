using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of vectors: dropout, dense layer, activation and norm as far as the shape has them, dropout, linear layer.</summary>
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
        _activation = shape.Activation.In(model, shape.ActivationName);
        _inputDropout = model.Register("input_dropout", new Dropout(shape.InputDropout));
        _dense = shape.Dense is null ? null : model.Register(shape.Dense, new Linear(size, size, shape.DenseBias));
        _norm = shape.Norm is null ? null : model.Register(shape.Norm, new LayerNorm(size, shape.Epsilon, shape.NormBias));
        _dropout = model.Register("dropout", new Dropout(shape.Dropout));
        _output = model.Register(shape.Output, new Linear(size, outputs, shape.Bias));
    }

    /// <summary>Returns scores <c>[..., outputs]</c> of vectors <c>[..., size]</c>.</summary>
    public Tensor Forward(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var features = _inputDropout.Forward(vectors);
        features = _activation.Forward(_dense?.Forward(features) ?? features);
        return _output.Forward(_dropout.Forward(_norm?.Forward(features) ?? features)).MoveToOuterDisposeScope();
    }
}
