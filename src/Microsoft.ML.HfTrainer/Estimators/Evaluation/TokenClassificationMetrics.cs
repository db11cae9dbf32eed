using Microsoft.ML.HfTrainer.Estimators.Evaluation;

namespace Microsoft.ML.HfTrainer;

/// <summary>The metrics of named entities or tags, which <see cref="HfTrainerCatalog.EvaluateTokenClassification"/> computes. An entity is right if its type and its boundaries are.</summary>
public sealed class TokenClassificationMetrics
{
    internal TokenClassificationMetrics(PrecisionRecallF1 all, double accuracy, IReadOnlyDictionary<string, PrecisionRecallF1> perType) =>
        (Overall, Accuracy, PerType) = (all, accuracy, perType);

    /// <summary>Gets the fraction of the predicted entities that are right.</summary>
    public double Precision => Overall.Precision;

    /// <summary>Gets the fraction of the actual entities that were found.</summary>
    public double Recall => Overall.Recall;

    /// <summary>Gets the harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>.</summary>
    public double F1 => Overall.F1;

    /// <summary>Gets the fraction of the words whose tag is right; NaN if the labels are entities with their place.</summary>
    public double Accuracy { get; }

    /// <summary>Gets the scores of each type of entity that occurs or was predicted.</summary>
    public IReadOnlyDictionary<string, PrecisionRecallF1> PerType { get; }

    private PrecisionRecallF1 Overall { get; }

    /// <summary>Returns a table of the scores.</summary>
    public override string ToString() => ScoreTable.Of([.. PerType.OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => (type.Key, type.Value)), ("all", Overall)], ("accuracy", Accuracy));
}
