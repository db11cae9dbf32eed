using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>Metrics by their common names.</summary>
/// <example><code>new Trainer(..., computeMetrics: EvalMetrics.Combine("accuracy", "f1_macro").ToComputeMetrics())</code></example>
public static class EvalMetrics
{
    private static readonly ConcurrentDictionary<string, Func<IMetric>> _registered = new()
    {
        ["accuracy"] = () => new AccuracyMetric(),
        ["precision_recall_f1"] = () => new PrecisionRecallF1Metric(),
        ["precision"] = () => new PrecisionRecallF1Metric { Keys = ["precision"] },
        ["precision_micro"] = () => new PrecisionRecallF1Metric(MetricAverage.Micro) { Keys = ["precision"], KeySuffix = "_micro" },
        ["precision_macro"] = () => new PrecisionRecallF1Metric(MetricAverage.Macro) { Keys = ["precision"], KeySuffix = "_macro" },
        ["precision_weighted"] = () => new PrecisionRecallF1Metric(MetricAverage.Weighted) { Keys = ["precision"], KeySuffix = "_weighted" },
        ["recall"] = () => new PrecisionRecallF1Metric { Keys = ["recall"] },
        ["recall_micro"] = () => new PrecisionRecallF1Metric(MetricAverage.Micro) { Keys = ["recall"], KeySuffix = "_micro" },
        ["recall_macro"] = () => new PrecisionRecallF1Metric(MetricAverage.Macro) { Keys = ["recall"], KeySuffix = "_macro" },
        ["recall_weighted"] = () => new PrecisionRecallF1Metric(MetricAverage.Weighted) { Keys = ["recall"], KeySuffix = "_weighted" },
        ["f1"] = () => new PrecisionRecallF1Metric { Keys = ["f1"] },
        ["f1_micro"] = () => new PrecisionRecallF1Metric(MetricAverage.Micro) { Keys = ["f1"], KeySuffix = "_micro" },
        ["f1_macro"] = () => new PrecisionRecallF1Metric(MetricAverage.Macro) { Keys = ["f1"], KeySuffix = "_macro" },
        ["f1_weighted"] = () => new PrecisionRecallF1Metric(MetricAverage.Weighted) { Keys = ["f1"], KeySuffix = "_weighted" },
        ["matthews_correlation"] = () => new MatthewsCorrelationMetric(),
        ["roc_auc"] = () => new RocAucMetric(),
        ["average_precision"] = () => new AveragePrecisionMetric(),
        ["log_loss"] = () => new LogLossMetric(),
        ["multilabel"] = () => new MultiLabelMetric(),
        ["mse"] = () => new MeanSquaredErrorMetric(),
        ["rmse"] = () => new MeanSquaredErrorMetric { Root = true },
        ["mae"] = () => new MeanAbsoluteErrorMetric(),
        ["r2"] = () => new R2Metric(),
        ["pearson"] = () => new PearsonMetric(),
        ["spearmanr"] = () => new SpearmanMetric(),
        ["perplexity"] = () => new PerplexityMetric(),
        ["seqeval"] = () => new SeqEvalMetric(),
        ["squad"] = () => new SquadMetric(),
        ["squad_v2"] = () => new SquadV2Metric(),
        ["bleu"] = () => new BleuMetric(),
        ["chrf"] = () => new ChrfMetric(),
        ["chrf++"] = () => new ChrfMetric { WordOrder = 2 },
        ["rouge"] = () => new RougeMetric(),
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes a metric known under a name.</summary>
    /// <param name="name">The name that <see cref="Get"/> takes.</param>
    /// <param name="create">Makes a metric that has seen nothing.</param>
    public static void Register(string name, Func<IMetric> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        _registered[name] = create;
    }

    /// <summary>A new metric, with the settings that go with the name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IMetric Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_registered.TryGetValue(name, out var create))
            return create();
        var names = Names;
        throw new ArgumentException($"'{name}' is not a known metric. Did you mean '{names.MinBy(known => NamedChoice.Distance(known, name))}'? Known: {string.Join(", ", names)}.", nameof(name));
    }

    /// <summary>Several metrics as one.</summary>
    /// <exception cref="ArgumentException">There is none of a name, or it is not one of a model's output (see <see cref="DecodedTextMetric"/> for texts).</exception>
    public static MetricSet Combine(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var set = new MetricSet();
        foreach (var name in names)
            set.Add(name);
        return set;
    }

    /// <summary><c>accuracy</c>, to be given to a <see cref="Trainer"/> as it is: <c>computeMetrics: EvalMetrics.Accuracy</c>.</summary>
    /// <param name="prediction">Scores <c>[examples, ..., classes]</c> and whole-number labels <c>[examples, ...]</c>; labels of -100 do not count.</param>
    /// <exception cref="ArgumentException">There is not one label for each prediction.</exception>
    public static IReadOnlyDictionary<string, double> Accuracy(EvalPrediction prediction) => new AccuracyMetric().Of(prediction);

    /// <summary>The share of labels that were predicted, of all labels but -100; NaN where there are none.</summary>
    /// <param name="predicted">The predicted classes.</param>
    /// <param name="labels">The right ones, in the same order.</param>
    /// <exception cref="ArgumentException">There is not one label for each predicted class.</exception>
    public static double Accuracy(IReadOnlyList<int> predicted, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(labels);
        var metric = new AccuracyMetric();
        metric.Add([.. predicted], [.. labels]);
        return metric.Compute()[metric.Name];
    }
}
