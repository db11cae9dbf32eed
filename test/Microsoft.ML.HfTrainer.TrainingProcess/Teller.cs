namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Writes what happens to standard output, a line at a time and at once.</summary>
internal sealed class Teller : ITrainerCallback, ITrainerLogger
{
    public static void Say(string line)
    {
        Console.Out.WriteLine(line.ReplaceLineEndings(" "));
        Console.Out.Flush();
    }

    public void OnTrainBegin(CallbackContext context) => Say($"begin {context.State.GlobalStep}");

    public void OnStepEnd(CallbackContext context) => Say($"update {context.State.GlobalStep}");

    public void OnSave(CallbackContext context) => Say($"saved {context.State.GlobalStep}");

    public void Info(string message) => Say($"info {message}");

    public void Warning(string message) => Say($"warning {message}");
}
