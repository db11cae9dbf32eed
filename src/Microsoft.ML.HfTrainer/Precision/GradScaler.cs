using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>
/// Keeps gradients within the range of float16: the loss is multiplied by a scale before the backward pass and the gradients are divided by it afterwards. A
/// scale that lets a gradient overflow costs the update and is halved; after many updates without overflow it is doubled.
/// </summary>
internal sealed class GradScaler
{
    private double _growthFactor = 2, _backoffFactor = 0.5;
    private int _growthInterval = 2000, _updatesWithoutOverflow;

    /// <summary>What the loss is multiplied by.</summary>
    public float Scale { get; private set; } = 65536;

    /// <summary>The loss to go backward from.</summary>
    public Tensor ScaleLoss(Tensor loss) => loss * Scale;

    /// <summary>Divides the gradients of an update by the scale, in place.</summary>
    /// <returns>Whether all of them are finite; if not, the optimizer must not take the step.</returns>
    public bool Unscale(IReadOnlyCollection<Tensor> gradients)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var finite = true;
        foreach (var group in gradients.GroupBy(g => (g.dtype, g.device_type, g.device_index)))
        {
            if (group.Key.dtype == ScalarType.Float16)
                throw new InvalidOperationException("Gradients of weights in float16 cannot be unscaled: fp16 training keeps its weights in float32. Load the model in float32, or train without Fp16.");
            var device = group.First().device;
            var overflow = zeros(1, ScalarType.Float32, device).squeeze(0);
            TorchScript.Unscale([.. group], overflow, tensor((float)(1.0 / Scale), device: device));
            finite &= overflow.item<float>() == 0;
        }
        return finite;
    }

    /// <summary>Adapts the scale after an update.</summary>
    /// <param name="finite">What <see cref="Unscale"/> found.</param>
    public void Update(bool finite)
    {
        if (!finite)
            (Scale, _updatesWithoutOverflow) = ((float)(Scale * _backoffFactor), 0);
        else if (++_updatesWithoutOverflow == _growthInterval)
            (Scale, _updatesWithoutOverflow) = ((float)(Scale * _growthFactor) is var grown && float.IsFinite(grown) ? grown : Scale, 0);
    }

    /// <summary>The state, under the original's names.</summary>
    public JsonObject State() => new()
    {
        ["scale"] = (double)Scale,
        ["growth_factor"] = _growthFactor,
        ["backoff_factor"] = _backoffFactor,
        ["growth_interval"] = _growthInterval,
        ["_growth_tracker"] = _updatesWithoutOverflow,
    };

    /// <summary>Goes on from a state.</summary>
    /// <exception cref="InvalidDataException">A value is missing or of another kind.</exception>
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
