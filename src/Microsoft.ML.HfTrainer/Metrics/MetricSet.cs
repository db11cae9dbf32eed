using System.Collections;

namespace Microsoft.ML.HfTrainer;

/// <summary>Combines several metrics into one that returns the values of all: <c>new MetricSet { "accuracy", new PearsonMetric() }</c>.</summary>
public sealed class MetricSet : IEvalMetric, IEnumerable<IEvalMetric>
{
    private readonly List<(IEvalMetric Metric, string Prefix)> _members = [];

    /// <inheritdoc/>
    public string Name => string.Join(", ", _members.Select(m => m.Metric.Name));

    /// <summary>Adds a metric to the set.</summary>
    /// <param name="metric">The metric. It must not be used elsewhere afterwards.</param>
    /// <param name="prefix">A prefix of the names of its values, for metrics whose values have the same names. Default: empty.</param>
    public void Add(IEvalMetric metric, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(metric);
        _members.Add((metric, prefix));
    }

    /// <summary>Adds the metric registered under a name.</summary>
    /// <exception cref="ArgumentException">There is no such metric, or it needs the tags of the model or a tokenizer (see <see cref="EvalMetrics.Combine(IEnumerable{string}, IReadOnlyList{string}, HfTokenizer)"/>).</exception>
    public void Add(string name) => Add(EvalMetrics.OfOutputs(EvalMetrics.Get(name), name, null, null));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A metric failed. The message names it.</exception>
    public void Add(EvalPrediction batch)
    {
        foreach (var (metric, _) in _members)
        {
            try
            {
                metric.Add(batch);
            }
            catch (Exception failure) when (IsUnnamed(failure, metric))
            {
                throw Named(failure, metric);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Two metrics have a value of the same name, or one failed; the message names it.</exception>
    public IReadOnlyDictionary<string, double> Compute()
    {
        var (all, owners) = (new Dictionary<string, double>(), new Dictionary<string, string>());
        foreach (var (metric, prefix) in _members)
        {
            foreach (var (key, value) in ValuesOf(metric))
            {
                if (!owners.TryAdd(prefix + key, metric.Name))
                    throw new InvalidOperationException($"Two metrics of one set, {owners[prefix + key]} and {metric.Name}, give a value named '{prefix + key}'; add one of them with a prefix.");
                all.Add(prefix + key, value);
            }
        }
        return all;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        foreach (var (metric, _) in _members)
            metric.Reset();
    }

    /// <summary>Enumerates the metrics of the set.</summary>
    public IEnumerator<IEvalMetric> GetEnumerator() => _members.Select(m => m.Metric).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IReadOnlyDictionary<string, double> ValuesOf(IEvalMetric metric)
    {
        try
        {
            return metric.Compute();
        }
        catch (Exception failure) when (IsUnnamed(failure, metric))
        {
            throw Named(failure, metric);
        }
    }

    private static bool IsUnnamed(Exception failure, IEvalMetric metric) =>
        failure is not OperationCanceledException && !failure.Message.StartsWith(metric.Name, StringComparison.Ordinal);

    private static InvalidOperationException Named(Exception failure, IEvalMetric metric) => new($"The metric {metric.Name} failed: {failure.Message}", failure);
}
