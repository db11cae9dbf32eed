namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Chooses among scores as ML.NET's classifiers do.</summary>
internal static class BestScore
{
    /// <summary>Returns the index of the highest score, the first one of several; -1 if no score is a number, as after training that diverged: nothing is predicted then.</summary>
    public static int IndexOf(float[] scores) => scores.Max() is var best && float.IsNaN(best) ? -1 : scores.IndexOf(best);

    /// <summary>Returns the key of the class with the highest score; a missing key if no score is a number.</summary>
    public static uint KeyOf(float[] scores) => (uint)(IndexOf(scores) + 1);
}
