using Microsoft.ML.HfTrainer.Precision;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The changes to the model and the process that a run asks for, until disposed: autocast, activation checkpointing, embedding noise, determinism.</summary>
internal sealed class TrainingFeatures : IDisposable
{
    private const string EveryNLayers = "every_n_layers";

    // Options that Hugging Face passes on to torch. Here random numbers are always replayed, and there is one implementation.
    private static readonly string[] _withoutEffect = ["use_reentrant", "preserve_rng_state", "determinism_check", "debug", "early_stop", "offload"];

    private readonly MixedPrecision _precision;
    private readonly ITrainableModel _description;
    private readonly List<IDisposable?> _uses = [];

    /// <exception cref="NotSupportedException">The model does not support a feature that the arguments ask for.</exception>
    public TrainingFeatures(nn.Module<Batch, ModelOutput> model, TrainingArguments args, MixedPrecision precision)
    {
        (_precision, _description) = (precision, ITrainableModel.Of(model));
        try
        {
            if (args.ActivationCheckpointing)
                _description.UseActivationCheckpointing(Interval(args));
            if (args.NeftuneNoiseAlpha is { } alpha)
                _description.UseEmbeddingNoise(alpha);
            _uses.Add(ProcessSwitches.UseDeterminism(args.ToPrecisionSettings()));
            _uses.Add(precision.Attach(model));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs the backward pass of a loss.</summary>
    public void Backward(Tensor loss)
    {
        _precision.Backward(loss);
        _description.CompleteBackward();
    }

    public void Dispose()
    {
        _description.UseActivationCheckpointing(0);
        _description.UseEmbeddingNoise(null);
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
