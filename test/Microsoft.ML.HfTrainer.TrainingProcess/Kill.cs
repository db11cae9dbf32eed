using System.Diagnostics;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Ends this process, as a loss of power would, when it comes to a place for the nth time.</summary>
internal sealed class Kill(string point, int occurrence)
{
    private int _reached;

    public void At(string reached)
    {
        if (reached != point || ++_reached < occurrence)
            return;
        Teller.Say($"killed at {point}");
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
