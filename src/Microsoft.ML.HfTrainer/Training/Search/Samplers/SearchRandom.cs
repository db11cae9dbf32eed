namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>
/// The random numbers of one choice. They depend on the seed, the trial and the parameter only, not on earlier draws, so that a resumed search continues as if it had never
/// stopped. The generator is SplitMix64 (Steele, Lea and Flood 2014).
/// </summary>
internal sealed class SearchRandom
{
    private ulong _state;

    public SearchRandom(int seed, int trial, string parameter)
    {
        _state = (uint)seed;
        foreach (var part in parameter.Select(c => (ulong)c).Prepend((ulong)trial))
            _state = Next() ^ part;
    }

    /// <summary>Returns a number in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a non-negative integer less than <paramref name="count"/>.</summary>
    public int NextInteger(int count) => (int)(NextDouble() * count);

    /// <summary>Returns an index with a probability proportional to its weight.</summary>
    public int NextIndex(IReadOnlyList<double> weights)
    {
        var (left, index) = (NextDouble() * weights.Sum(), 0);
        for (; index < weights.Count - 1 && left >= weights[index]; index++)
            left -= weights[index];
        return index;
    }

    private ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
