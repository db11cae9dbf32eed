using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Sampling;

/// <summary>Random orders of the numbers from 0, the same as torch's <c>randperm</c> gives.</summary>
internal static class Permutation
{
    /// <summary>From a generator of its own.</summary>
    public static int[] Seeded(int count, long seed)
    {
        using var generator = new Generator((ulong)seed);
        return Draw(count, generator);
    }

    /// <summary>From the global generator.</summary>
    public static int[] Global(int count) => Draw(count, null);

    private static int[] Draw(int count, Generator? generator)
    {
        using var permutation = randperm(count, ScalarType.Int64, generator: generator);
        return Array.ConvertAll(permutation.data<long>().ToArray(), i => (int)i);
    }
}
