using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>What a run's settings change in the model and the process while it trains; disposing it takes that back.</summary>
internal sealed class TrainingMode : IDisposable
{
    private const string EveryNLayers = "every_n_layers";

    // What the original passes on to torch; here the draws are always replayed and there is one way to do it.
    private static readonly string[] _withoutEffect = ["use_reentrant", "preserve_rng_state", "determinism_check", "debug", "early_stop", "offload"];

    private readonly MixedPrecision _precision;
    private readonly PretrainedModel? _pretrained;
    private readonly Recomputation? _recomputation;
    private readonly IDisposable?[] _uses;

    /// <exception cref="NotSupportedException">The model cannot do what a setting asks for.</exception>
    public TrainingMode(nn.Module<Batch, ModelOutput> model, TrainingArguments args, MixedPrecision precision)
    {
        (_precision, _pretrained) = (precision, model as PretrainedModel);
        if (args.ActivationCheckpointing)
        {
            var every = Interval(args);
            _recomputation = new Recomputation();
            Supporting(nameof(args.GradientCheckpointing)).UseRecomputation(_recomputation, every);
        }
        if (args.NeftuneNoiseAlpha is { } alpha)
            Supporting(nameof(args.NeftuneNoiseAlpha)).UseEmbeddingNoise(alpha);
        _uses = [ProcessSwitches.UseDeterminism(args), precision.Attach(model), _recomputation];

        PretrainedModel Supporting(string setting) => _pretrained
            ?? throw new NotSupportedException($"TrainingArguments.{setting} is set, which takes a PretrainedModel; the model is a {model.GetType().Name}. Leave the setting out.");
    }

    /// <summary>Adds the gradients of a loss to those of the weights.</summary>
    public void Backward(Tensor loss)
    {
        _precision.Backward(loss);
        _recomputation?.Complete();
    }

    public void Dispose()
    {
        _pretrained?.UseRecomputation(null);
        _pretrained?.UseEmbeddingNoise(null);
        foreach (var use in _uses)
            use?.Dispose();
    }

    private static int Interval(TrainingArguments args)
    {
        var settings = args.ActivationCheckpointingKwargs ?? [];
        if (settings.Keys.FirstOrDefault(name => name != EveryNLayers && !_withoutEffect.Contains(name)) is { } unknown)
            throw new ArgumentException($"TrainingArguments.ActivationCheckpointingKwargs has '{unknown}', which is not known; known are {EveryNLayers} and, without effect, {string.Join(", ", _withoutEffect)}.", nameof(args));
        var every = settings.Integer(EveryNLayers, 1);
        return every >= 1
            ? every
            : throw new ArgumentException($"TrainingArguments.ActivationCheckpointingKwargs has {EveryNLayers} {every}; it should be at least 1.", nameof(args));
    }
}
