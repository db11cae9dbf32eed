using Microsoft.ML.Runtime;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>A channel that writes lines to <c>MLContext.Log</c>.</summary>
internal sealed class HostChannel(IChannel channel) : IDisposable
{
    public void Info(string message) => channel.Info(MessageSensitivity.None, message);

    public void Warning(string message) => channel.Warning(MessageSensitivity.None, message);

    public void Dispose() => channel.Dispose();
}
