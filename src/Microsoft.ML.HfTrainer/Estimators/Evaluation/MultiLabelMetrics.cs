using Microsoft.ML.HfTrainer.Estimators.Evaluation;

namespace Microsoft.ML.HfTrainer;

/// <summary>The metrics of multi-label classification, which <see cref="HfTrainerCatalog.EvaluateMultiLabel"/> computes.</summary>
public sealed class MultiLabelMetrics
{
    private readonly PrecisionRecallF1 _micro, _macro;

    internal MultiLabelMetrics(MultiLabelMetric metric, IReadOnlyList<string> names)
    {
        var values = metric.Compute();
        (_micro, _macro) = (metric.Score(MetricAverage.Micro), metric.Score(MetricAverage.Macro));
        (SamplesF1, SubsetAccuracy, HammingLoss) = (values["samples_f1"], values["subset_accuracy"], values["hamming_loss"]);
        PerLabel = [.. names.Zip(metric.PerLabel(), KeyValuePair.Create)];
    }

    /// <summary>Gets the F1 over all decisions, a decision being whether a row has a class; from 0 to 1.</summary>
    public double MicroF1 => _micro.F1;

    /// <summary>Gets the mean F1 of the classes, from 0 to 1.</summary>
    public double MacroF1 => _macro.F1;

    /// <summary>Gets the mean F1 of the rows, from 0 to 1.</summary>
    public double SamplesF1 { get; }

    /// <summary>Gets the fraction of the rows without any error.</summary>
    public double SubsetAccuracy { get; }

    /// <summary>Gets the fraction of the decisions that are wrong.</summary>
    public double HammingLoss { get; }

    /// <summary>Gets the name and the scores of each class, in the order of the label vector. Without SlotNames, the name is the index, from 0.</summary>
    public IReadOnlyList<KeyValuePair<string, PrecisionRecallF1>> PerLabel { get; }

    /// <summary>Returns a table of the metrics.</summary>
    public override string ToString() => ScoreTable.Of(
        [.. PerLabel.Select(label => (label.Key, label.Value)), ("micro", _micro), ("macro", _macro)],
        ("samples f1", SamplesF1), ("subset accuracy", SubsetAccuracy), ("hamming loss", HammingLoss));
}
