using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>
/// Mixed-precision training (Micikevicius et al. 2017, arXiv:1710.03740): autocast computes in bfloat16 or float16 where libtorch considers it safe. Weights, gradients
/// and the outputs of the model stay float32.
/// </summary>
internal sealed class MixedPrecision
{
    private readonly DeviceType _device;
    private readonly ScalarType? _type;

    /// <param name="device">The device that computes.</param>
    /// <param name="type">The type of autocast; null to compute in the type of the weights.</param>
    public MixedPrecision(Device device, ScalarType? type)
    {
        (_device, _type) = (device.type, type);
        Scaler = type == ScalarType.Float16 ? new GradScaler() : null;
    }

    /// <summary>Creates the precision that the settings ask for. Float16 is ignored on the CPU, with a warning, as in the Hugging Face Trainer.</summary>
    public static MixedPrecision For(PrecisionSettings settings, Device device, ILogger logger)
    {
        var ignored = settings.ComputeType == ScalarType.Float16 && device.type == DeviceType.CPU;
        if (ignored)
            logger.Warning("TrainingArguments.Fp16 has no effect on the CPU, which computes in float32; set Bf16 there.");
        return new MixedPrecision(device, ignored ? null : settings.ComputeType);
    }

    /// <summary>The gradient scaler of float16; null in every other precision.</summary>
    public GradScaler? Scaler { get; }

    /// <summary>Runs every call of a model under autocast until the result is disposed; returns null if there is nothing to do.</summary>
    public IDisposable? Attach(nn.Module<Batch, ModelOutput> model) => _type is { } type ? new CastingCalls(model, _device, new AutocastState(true, type)) : null;

    /// <summary>Runs the backward pass of a loss, which is scaled if there is a <see cref="Scaler"/>.</summary>
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

    /// <summary>Divides the gradients of an update by the scale of their loss, in place.</summary>
    /// <returns>false if a gradient overflowed on any process: the optimizer must not take the step.</returns>
    public bool Unscale(IReadOnlyCollection<Tensor> gradients, ICommunicator communicator)
    {
        if (Scaler is null)
            return true;
        using var overflow = Scaler.Unscale(gradients);
        communicator.AllReduce([overflow], ReduceOperation.Max);
        // In float16 this is the one value that an update reads from the device: the learning rate advances only if the optimizer takes the step.
        return overflow.item<float>() == 0;
    }
}
