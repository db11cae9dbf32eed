using Microsoft.ML.HfTrainer.Metrics;

namespace Microsoft.ML.HfTrainer;

/// <summary>The base class of regression metrics. No label is ignored, not even -100, and a NaN makes the result NaN.</summary>
public abstract class RegressionMetric : IEvalMetric
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Adds predictions and labels.</summary>
    /// <param name="batch">Predictions and labels, each <c>[examples]</c> or <c>[examples, 1]</c>; or both <c>[examples, targets]</c>, with all targets pooled.</param>
    public void Add(EvalPrediction batch)
    {
        var (predicted, labels) = EvalInput.Values(batch, Name);
        Add(predicted, labels);
    }

    /// <summary>Adds predictions and labels.</summary>
    /// <exception cref="ArgumentException">The numbers of predictions and labels differ.</exception>
    public void Add(ReadOnlySpan<double> predicted, ReadOnlySpan<double> labels)
    {
        EvalInput.RequireSameCount(predicted.Length, labels.Length, Name, nameof(labels));
        for (var i = 0; i < labels.Length; i++)
            Add(predicted[i], labels[i]);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Compute() => new Dictionary<string, double> { [Name] = Value() };

    /// <inheritdoc/>
    public abstract void Reset();

    /// <summary>Adds one value.</summary>
    protected abstract void Add(double predicted, double label);

    /// <summary>Computes the metric of all values.</summary>
    protected abstract double Value();
}
