using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>The weights and buffers of a model in another type until disposed; then they are again what they were, to the bit.</summary>
internal sealed class CastWeights : IDisposable
{
    private readonly List<(Tensor Weight, Tensor Original)> _cast = [];

    public CastWeights(nn.Module model, ScalarType type)
    {
        using var noGrad = no_grad();
        foreach (var weight in model.parameters().Cast<Tensor>().Concat(model.buffers()).Where(w => w.is_floating_point() && w.dtype != type))
        {
            _cast.Add((weight, weight.detach().DetachFromDisposeScope()));
            using var smaller = weight.to(type);
            TorchScript.SetData(weight, smaller);
        }
    }

    /// <summary>The weights as the settings ask for in an evaluation outside training; null: as they are.</summary>
    public static CastWeights? ForEvaluation(TrainingArguments args, nn.Module model) =>
        args.Bf16FullEval ? new(model, ScalarType.BFloat16) : args.Fp16FullEval ? new(model, ScalarType.Float16) : null;

    public void Dispose()
    {
        using var noGrad = no_grad();
        foreach (var (weight, original) in _cast)
        {
            TorchScript.SetData(weight, original);
            original.Dispose();
        }
        _cast.Clear();
    }
}
