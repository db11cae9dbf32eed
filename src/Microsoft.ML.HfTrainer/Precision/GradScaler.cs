using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>
/// Dynamic loss scaling for float16: multiplies the loss by a scale before the backward pass, so that small gradients do not underflow, and divides the gradients by it
/// afterwards. An update whose gradients overflow is skipped and halves the scale; 2,000 updates in a row without overflow double it.
/// </summary>
internal sealed class GradScaler
{
    private double _growthFactor = 2, _backoffFactor = 0.5;
    private int _growthInterval = 2000, _updatesWithoutOverflow;

    /// <summary>The factor of the loss. Initially 65,536.</summary>
    public float Scale { get; private set; } = 65536;

    /// <summary>Multiplies a loss by the scale.</summary>
    public Tensor ScaleLoss(Tensor loss) => loss * Scale;

    /// <summary>Divides the gradients of an update by the scale, in place.</summary>
    /// <returns>A float32 scalar on the device of the first gradient: 0 if all gradients are finite, else 1, and the optimizer must not take the step.</returns>
    public Tensor Unscale(IReadOnlyCollection<Tensor> gradients)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var overflows = new List<Tensor>();
        foreach (var group in gradients.GroupBy(g => (g.dtype, g.device_type, g.device_index)))
        {
            if (group.Key.dtype == ScalarType.Float16)
                throw new InvalidOperationException("Gradients of weights in float16 cannot be unscaled: fp16 training keeps its weights in float32. Load the model in float32, or train without Fp16.");
            var device = group.First().device;
            var overflow = zeros(1, ScalarType.Float32, device).squeeze(0);
            TorchScript.Unscale([.. group], overflow, tensor((float)(1.0 / Scale), device: device));
            overflows.Add(overflow);
        }
        var any = overflows switch
        {
            [] => zeros(1).squeeze(0),
            [var only] => only,
            [var first, ..] => stack(overflows.Select(overflow => overflow.to(first.device))).max(),
        };
        return any.MoveToOuterDisposeScope();
    }

    /// <summary>Adapts the scale after an update.</summary>
    /// <param name="finite">true if all gradients of the update were finite.</param>
    public void Update(bool finite)
    {
        if (!finite)
            (Scale, _updatesWithoutOverflow) = ((float)(Scale * _backoffFactor), 0);
        else if (++_updatesWithoutOverflow == _growthInterval)
            (Scale, _updatesWithoutOverflow) = ((float)(Scale * _growthFactor) is var grown && float.IsFinite(grown) ? grown : Scale, 0);
    }

    /// <summary>Returns the state under the names of PyTorch's <c>GradScaler</c>.</summary>
    public JsonObject State() => new()
    {
        ["scale"] = (double)Scale,
        ["growth_factor"] = _growthFactor,
        ["backoff_factor"] = _backoffFactor,
        ["growth_interval"] = _growthInterval,
        ["_growth_tracker"] = _updatesWithoutOverflow,
    };

    /// <summary>Restores a state.</summary>
    /// <exception cref="InvalidDataException">A value is missing or is not a number.</exception>
    public void Load(JsonObject state)
    {
        Scale = (float)Number(state, "scale");
        (_growthFactor, _backoffFactor) = (Number(state, "growth_factor"), Number(state, "backoff_factor"));
        (_growthInterval, _updatesWithoutOverflow) = ((int)Number(state, "growth_interval"), (int)Number(state, "_growth_tracker"));
    }

    private static double Number(JsonObject state, string name) =>
        state[name] is { } value && value.GetValueKind() == JsonValueKind.Number
            ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"The state of the gradient scaler has {(state[name] is { } found ? $"{found.ToJsonString()} for" : "no")} '{name}'; it should be a number.");
}
