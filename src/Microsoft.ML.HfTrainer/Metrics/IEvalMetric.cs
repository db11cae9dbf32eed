namespace Microsoft.ML.HfTrainer;

/// <summary>A metric of what a model puts out, so one that a <see cref="Trainer"/> can compute.</summary>
public interface IEvalMetric : IMetric
{
    /// <summary>Adds predictions and labels, of one batch or of a whole dataset. Nothing of the tensors is kept.</summary>
    /// <exception cref="ArgumentException">The shapes of predictions and labels do not fit each other or the metric.</exception>
    /// <exception cref="InvalidOperationException">There are no labels.</exception>
    void Add(EvalPrediction batch);
}
