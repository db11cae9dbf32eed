using Microsoft.ML.HfTrainer.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>Turns autocast on within each call of a model, and nowhere else. The outputs of a call are float32.</summary>
internal sealed class CastingCalls : IDisposable
{
    private readonly Action _detach;
    private Autocast? _call;

    public CastingCalls(nn.Module<Batch, ModelOutput> model, DeviceType device, AutocastState state)
    {
        var before = model.register_forward_pre_hook((_, batch) =>
        {
            End();
            _call = Autocast.Use(device, state);
            return batch;
        });
        var after = model.register_forward_hook((_, _, output) =>
        {
            End();
            return output.Widened();
        });
        _detach = () =>
        {
            before.remove();
            after.remove();
        };
    }

    public void Dispose()
    {
        End();
        _detach();
    }

    // The next call ends autocast for one that threw, after which the forward hook does not run.
    private void End()
    {
        _call?.Dispose();
        _call = null;
    }
}
