using Microsoft.ML.HfTrainer.Estimators.Evaluation;

namespace Microsoft.ML.HfTrainer;

/// <summary>The metrics of named entities or tags, which <see cref="HfTrainerCatalog.EvaluateTokenClassification"/> computes. A predicted entity is right if its type and its boundaries are right.</summary>
public sealed class TokenClassificationMetrics
{
    internal TokenClassificationMetrics(PrecisionRecallF1 all, double accuracy, IReadOnlyDictionary<string, PrecisionRecallF1> perType) =>
        (Overall, Accuracy, PerType) = (all, accuracy, perType);

    /// <summary>Gets the fraction of the predicted entities that are right.</summary>
    public double Precision => Overall.Precision;

    /// <summary>Gets the fraction of the entities in the labels that were predicted.</summary>
    public double Recall => Overall.Recall;

    /// <summary>Gets the harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>.</summary>
    public double F1 => Overall.F1;

    /// <summary>Gets the fraction of the words whose predicted tag is right; NaN if the labels are types of entities with starts and ends.</summary>
    public double Accuracy { get; }

    /// <summary>Gets the scores of each type of entity that occurs in the labels or the predictions.</summary>
    public IReadOnlyDictionary<string, PrecisionRecallF1> PerType { get; }

    private PrecisionRecallF1 Overall { get; }

    /// <summary>Returns a table of the metrics.</summary>
    public override string ToString() => ScoreTable.Of([.. PerType.OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => (type.Key, type.Value)), ("all", Overall)], ("accuracy", Accuracy));
}
