using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Sampling;

/// <summary>Draws random permutations, equal to those of PyTorch's <c>randperm</c>.</summary>
internal static class Permutation
{
    /// <summary>Returns a permutation from a separate generator.</summary>
    public static int[] Seeded(int count, long seed)
    {
        using var generator = new Generator((ulong)seed);
        return Draw(count, generator);
    }

    /// <summary>Returns a permutation from the global generator.</summary>
    public static int[] Global(int count) => Draw(count, null);

    private static int[] Draw(int count, Generator? generator)
    {
        using var permutation = randperm(count, ScalarType.Int64, generator: generator);
        return Array.ConvertAll(permutation.data<long>().ToArray(), i => (int)i);
    }
}
