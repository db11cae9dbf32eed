namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Keeps what a trainer says.</summary>
internal sealed class MessageLog : ITrainerLogger
{
    public List<string> Infos { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Info(string message) => Infos.Add(message);

    public void Warning(string message) => Warnings.Add(message);
}
