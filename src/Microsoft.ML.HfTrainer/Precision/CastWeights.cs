using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>Casts the floating-point weights and buffers of a model to another type until disposed; then they have their former values, bit for bit.</summary>
internal sealed class CastWeights : IDisposable
{
    private readonly List<(Tensor Weight, Tensor Original)> _cast = [];

    public CastWeights(nn.Module model, ScalarType type)
    {
        using var noGrad = no_grad();
        try
        {
            foreach (var weight in model.parameters().Cast<Tensor>().Concat(model.buffers()).Where(w => w.is_floating_point() && w.dtype != type))
            {
                _cast.Add((weight, weight.detach().DetachFromDisposeScope()));
                using var smaller = weight.to(type);
                TorchScript.SetData(weight, smaller);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Casts the weights for an evaluation outside training; returns null if the settings do not ask for it.</summary>
    public static CastWeights? ForEvaluation(PrecisionSettings settings, nn.Module model) => settings.EvaluationType is { } type ? new(model, type) : null;

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
