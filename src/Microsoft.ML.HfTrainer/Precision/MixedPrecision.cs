using Microsoft.ML.HfTrainer.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>
/// Computes a model in bfloat16 or float16 where libtorch's lists say that it gains by it (Micikevicius et al. 2017, arXiv:1710.03740). Weights, their gradients and what
/// the model gives stay float32.
/// </summary>
internal sealed class MixedPrecision
{
    private readonly DeviceType _device;
    private readonly ScalarType? _type;

    /// <param name="device">The device that computes.</param>
    /// <param name="type">The smaller type; null: everything is computed in the type of the weights.</param>
    public MixedPrecision(Device device, ScalarType? type)
    {
        (_device, _type) = (device.type, type);
        Scaler = type == ScalarType.Float16 ? new GradScaler() : null;
    }

    /// <summary>The precision that a run's settings ask for. On the CPU float16 is left out, as the original does.</summary>
    public static MixedPrecision For(TrainingArguments args, Device device, ITrainerLogger logger)
    {
        if (args.Fp16 && device.type == DeviceType.CPU)
            logger.Warning("TrainingArguments.Fp16 has no effect on the CPU, which computes in float32; set Bf16 there.");
        return new MixedPrecision(device, args.Bf16 ? ScalarType.BFloat16 : args.Fp16 && device.type != DeviceType.CPU ? ScalarType.Float16 : null);
    }

    /// <summary>Keeps float16 gradients in range; null: none is needed.</summary>
    public GradScaler? Scaler { get; }

    /// <summary>Has every call of a model computed so, until what is returned is disposed; null: nothing is asked for.</summary>
    public IDisposable? Attach(nn.Module<Batch, ModelOutput> model) => _type is { } type ? new CastingCalls(model, _device, new AutocastState(true, type)) : null;

    /// <summary>Adds the gradients of a loss to those of the weights.</summary>
    public void Backward(Tensor loss)
    {
        if (Scaler is null)
        {
            loss.backward();
            return;
        }
        using var scaled = Scaler.ScaleLoss(loss);
        scaled.backward();
    }

    /// <summary>Makes the gradients of an update those of its loss.</summary>
    /// <returns>Whether the optimizer may take the step: false where float16 overflowed.</returns>
    public bool Unscale(nn.Module model) => Scaler is null || Scaler.Unscale([.. model.parameters().Select(p => p.grad).OfType<Tensor>()]);
}
