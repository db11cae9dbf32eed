using Microsoft.ML.HfTrainer;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ImageClassification;

/// <summary>A small convolutional network. <see cref="Trainer"/> accepts any module that maps a <see cref="Batch"/> to a <see cref="ModelOutput"/>, both of which hold named tensors.</summary>
public sealed class ShapeNet : nn.Module<Batch, ModelOutput>
{
    private readonly Conv2d _first, _second;
    private readonly BatchNorm2d _firstNorm, _secondNorm;
    private readonly Linear _classifier;

    /// <param name="classes">The number of classes.</param>
    public ShapeNet(long classes) : base(nameof(ShapeNet))
    {
        (_first, _firstNorm) = (nn.Conv2d(1, 16, 3, padding: 1), nn.BatchNorm2d(16));
        (_second, _secondNorm) = (nn.Conv2d(16, 32, 3, padding: 1), nn.BatchNorm2d(32));
        _classifier = nn.Linear(32 * 4 * 4, classes);
        // The names of the weights in checkpoints.
        register_module("conv1", _first);
        register_module("norm1", _firstNorm);
        register_module("conv2", _second);
        register_module("norm2", _secondNorm);
        register_module("classifier", _classifier);
    }

    public override ModelOutput forward(Batch batch)
    {
        using var scope = NewDisposeScope();
        var features = nn.functional.max_pool2d(nn.functional.relu(_firstNorm.call(_first.call(batch.Get("pixel_values")))), 2);
        features = nn.functional.max_pool2d(nn.functional.relu(_secondNorm.call(_second.call(features))), 2);
        var logits = _classifier.call(features.flatten(1));
        var loss = batch.Find(Batch.Labels) is { } labels ? nn.functional.cross_entropy(logits, labels) : null;
        return new ModelOutput { Logits = logits, Loss = loss }.MoveToOuterDisposeScope();
    }

    // The constructor has registered the modules.
    protected override void RegisterComponents()
    {
    }
}
