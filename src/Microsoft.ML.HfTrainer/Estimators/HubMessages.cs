using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Connects downloads from the hub to an <see cref="MLContext"/>.</summary>
internal static class HubMessages
{
    /// <summary>Returns the options with the log of the context, unless they have another one, and with its cancellation.</summary>
    public static HubOptions ToLog(MlHost host, HubOptions? options)
    {
        options ??= new HubOptions();
        return options with { Log = options.Log ?? Say, CheckAlive = host.CheckAlive };

        void Say(string line)
        {
            using var channel = host.Open("Download");
            channel.Info(line);
        }
    }
}
