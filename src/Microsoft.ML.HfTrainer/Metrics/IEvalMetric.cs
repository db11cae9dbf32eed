namespace Microsoft.ML.HfTrainer;

/// <summary>A metric of the outputs of a model, which a <see cref="Trainer"/> can compute.</summary>
public interface IEvalMetric : IMetric
{
    /// <summary>Adds the predictions and labels of one batch or of a whole dataset. The tensors are not kept.</summary>
    /// <exception cref="ArgumentException">The shapes of predictions and labels do not match each other or the metric.</exception>
    /// <exception cref="InvalidOperationException">There are no labels.</exception>
    void Add(EvalPrediction batch);
}
