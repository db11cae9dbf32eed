using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>The registry of metrics, by their common names.</summary>
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

    /// <summary>Gets the registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Registers a metric under a name.</summary>
    /// <param name="name">The name, as passed to <see cref="Get"/>.</param>
    /// <param name="create">Creates a new metric.</param>
    public static void Register(string name, Func<IMetric> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        _registered[name] = create;
    }

    /// <summary>Creates the metric registered under a name.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static IMetric Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_registered.TryGetValue(name, out var create))
            return create() ?? throw new InvalidOperationException($"The function registered for the metric '{name}' returned null.");
        var names = Names;
        throw new ArgumentException($"'{name}' is not a known metric. Did you mean '{names.MinBy(known => NamedChoice.Distance(known, name))}'? Known: {string.Join(", ", names)}.", nameof(name));
    }

    /// <summary>Combines several metrics into one.</summary>
    /// <exception cref="ArgumentException">A metric does not exist, or needs the tags of the model or a tokenizer.</exception>
    public static MetricSet Combine(params IEnumerable<string> names) => Combine(names, null, null);

    /// <summary>Combines several metrics into one, of any kind: <c>seqeval</c> reads the tags of the model, and metrics of texts read outputs and labels that the tokenizer decodes.</summary>
    /// <param name="names">The names.</param>
    /// <param name="labels">The tags by class index, as in <see cref="PretrainedConfig.Labels"/>, for <c>seqeval</c>. Default: null.</param>
    /// <param name="tokenizer">The tokenizer that decodes token ids, for metrics of texts such as <c>rouge</c>; see <see cref="DecodedTextMetric"/>. Default: null.</param>
    /// <exception cref="ArgumentException">A metric does not exist, or needs what was not given.</exception>
    public static MetricSet Combine(IEnumerable<string> names, IReadOnlyList<string>? labels, HfTokenizer? tokenizer = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        var set = new MetricSet();
        foreach (var name in names)
            set.Add(OfOutputs(Get(name), name, labels, tokenizer));
        return set;
    }

    /// <summary>Returns a metric of the outputs of a model for a registered metric.</summary>
    internal static IEvalMetric OfOutputs(IMetric metric, string name, IReadOnlyList<string>? labels, HfTokenizer? tokenizer) => metric switch
    {
        SeqEvalMetric { HasLabels: false } when labels is not null => new SeqEvalMetric(labels),
        SeqEvalMetric { HasLabels: false } => throw new ArgumentException(
            $"The metric '{name}' reads the tags that classes stand for: give the labels (model.Config.Labels), or add new {nameof(SeqEvalMetric)}(model.Config.Labels) to a {nameof(MetricSet)}.", nameof(labels)),
        IEvalMetric own => own,
        ITextMetric text when tokenizer is not null => new DecodedTextMetric(text, tokenizer),
        ITextMetric => throw new ArgumentException(
            $"The metric '{name}' compares texts, which a model's output is not: give the tokenizer, or new {nameof(DecodedTextMetric)}(metric, ...) with the way from output to text.", nameof(tokenizer)),
        _ => throw new ArgumentException($"The metric '{name}', a {metric.GetType().Name}, is neither an {nameof(IEvalMetric)} nor an {nameof(ITextMetric)}.", nameof(name)),
    };

    /// <summary>Computes <c>accuracy</c>. It can be passed to a <see cref="Trainer"/> directly: <c>computeMetrics: EvalMetrics.Accuracy</c>.</summary>
    /// <param name="prediction">Scores <c>[examples, ..., classes]</c> and integer labels <c>[examples, ...]</c>. Labels of -100 are ignored.</param>
    /// <exception cref="ArgumentException">The shapes of predictions and labels do not match.</exception>
    public static IReadOnlyDictionary<string, double> Accuracy(EvalPrediction prediction) => new AccuracyMetric().Of(prediction);

    /// <summary>Computes the fraction of labels that were predicted correctly; labels of -100 are ignored. NaN if there are no labels.</summary>
    /// <param name="predicted">The predicted classes.</param>
    /// <param name="labels">The labels, in the same order.</param>
    /// <exception cref="ArgumentException">The numbers of predictions and labels differ.</exception>
    public static double Accuracy(IReadOnlyList<int> predicted, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(labels);
        var metric = new AccuracyMetric();
        metric.Add([.. predicted], [.. labels]);
        return metric.Compute()[metric.Name];
    }
}
