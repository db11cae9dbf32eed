using Microsoft.ML.HfTrainer.Metrics;

namespace Microsoft.ML.HfTrainer;

/// <summary>The base class of metrics of predicted classes. Labels of -100 are ignored.</summary>
public abstract class ClassMetric : IEvalMetric
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Adds predictions and labels.</summary>
    /// <param name="batch">
    /// Scores <c>[examples, ..., classes]</c>, of which the highest one determines the class (NaN counts as the highest, as in PyTorch), or classes in the shape of the labels;
    /// integer labels <c>[examples, ...]</c>.
    /// </param>
    public void Add(EvalPrediction batch)
    {
        var (predicted, labels) = EvalInput.Classes(batch, Name);
        Add(predicted, labels);
    }

    /// <summary>Adds predicted classes and labels.</summary>
    /// <param name="predicted">The predicted classes.</param>
    /// <param name="labels">The labels, in the same order.</param>
    /// <exception cref="ArgumentException">The numbers of predictions and labels differ.</exception>
    public void Add(ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels)
    {
        EvalInput.RequireSameCount(predicted.Length, labels.Length, Name, nameof(labels));
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] != Batch.IgnoredLabel)
                Add(predicted[i], labels[i]);
        }
    }

    /// <inheritdoc/>
    public abstract IReadOnlyDictionary<string, double> Compute();

    /// <inheritdoc/>
    public abstract void Reset();

    /// <summary>Adds one prediction.</summary>
    protected abstract void Add(int predicted, int label);
}
