using Microsoft.ML.HfTrainer.Metrics;

namespace Microsoft.ML.HfTrainer;

/// <summary>A metric of predicted and right values. Every value counts, -100 too, and a NaN makes the result NaN.</summary>
public abstract class RegressionMetric : IEvalMetric
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Adds predictions and labels.</summary>
    /// <param name="batch">Values <c>[examples]</c> or <c>[examples, 1]</c> and labels in one of these shapes; or <c>[examples, targets]</c> both, all targets taken together.</param>
    public void Add(EvalPrediction batch)
    {
        var (predicted, labels) = EvalInput.Values(batch, Name);
        Add(predicted, labels);
    }

    /// <summary>Adds predicted and right values.</summary>
    /// <exception cref="ArgumentException">There is not one label for each prediction.</exception>
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

    /// <summary>The metric of all values.</summary>
    protected abstract double Value();
}
