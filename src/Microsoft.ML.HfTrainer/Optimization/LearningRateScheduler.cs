namespace Microsoft.ML.HfTrainer;

/// <summary>Sets the learning rate of an optimizer's groups by the number of updates made.</summary>
public sealed class LearningRateScheduler
{
    private readonly Optimizer _optimizer;
    private readonly Func<int, double> _factor;

    /// <summary>Sets the learning rate of the first update.</summary>
    /// <param name="optimizer">Whose groups it sets.</param>
    /// <param name="factor">The factor on each group's initial rate, by updates made.</param>
    public LearningRateScheduler(Optimizer optimizer, Func<int, double> factor)
    {
        (_optimizer, _factor) = (optimizer, factor);
        Apply();
    }

    /// <summary>Updates made.</summary>
    public int LastStep { get; private set; }

    /// <summary>Goes on to the next update.</summary>
    public void Step()
    {
        LastStep++;
        Apply();
    }

    private void Apply()
    {
        foreach (var group in _optimizer.Groups)
            group.LearningRate = group.InitialLearningRate * _factor(LastStep);
    }
}
