namespace Microsoft.ML.HfTrainer;

/// <summary>A metric that accumulates examples. The result is the same whether they are added in batches or all at once.</summary>
/// <remarks>
/// Metrics keep counts and sums only, unless their documentation says otherwise, so that memory does not grow with the data. An instance serves one evaluation at a time and is
/// not thread-safe.
/// </remarks>
public interface IMetric
{
    /// <summary>Gets the name of the metric.</summary>
    string Name { get; }

    /// <summary>Computes the values of all examples since the last reset. More examples can be added afterwards. A value is NaN if there is nothing to measure.</summary>
    IReadOnlyDictionary<string, double> Compute();

    /// <summary>Discards all examples.</summary>
    void Reset();
}
