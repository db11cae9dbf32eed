namespace Microsoft.ML.HfTrainer;

/// <summary>A metric that takes its examples bit by bit: in batches or all at once, the result is the same.</summary>
/// <remarks>
/// What it remembers are counts and sums, unless its documentation says otherwise, so memory does not grow with the data.
/// One object serves one evaluation at a time and is not safe for many threads.
/// </remarks>
public interface IMetric
{
    /// <summary>The name it is registered under or known by.</summary>
    string Name { get; }

    /// <summary>The values of all examples since it was made or reset; more can be added after. NaN where there was nothing to measure.</summary>
    IReadOnlyDictionary<string, double> Compute();

    /// <summary>Forgets all examples.</summary>
    void Reset();
}
