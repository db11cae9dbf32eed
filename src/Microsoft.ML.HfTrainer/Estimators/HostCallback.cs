using System.Globalization;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Joins a run to its <see cref="MLContext"/>: its log gets a line for each record, and its cancellation ends the run.</summary>
internal sealed class HostCallback(MlHost host) : ITrainerCallback
{
    public void OnStepEnd(CallbackContext context) => host.CheckAlive();

    public void OnPredictionStep(CallbackContext context) => host.CheckAlive();

    public void OnLog(CallbackContext context, LogRecord logs) => context.Trainer.Logger.Info(
        $"Step {context.State.GlobalStep:N0} of {context.State.MaxSteps:N0}: " +
        $"{string.Join(", ", logs.Select(record => $"{record.Key} {record.Value.ToString("G5", CultureInfo.InvariantCulture)}"))}");
}

/// <summary>Gives a trainer's lines to a channel.</summary>
internal sealed class ChannelLogger(HostChannel channel) : ITrainerLogger
{
    public void Info(string message) => channel.Info(message);

    public void Warning(string message) => channel.Warning(message);
}
