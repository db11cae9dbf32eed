using System.Collections.Concurrent;

namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>Provides lists that repeat one number, such as attention masks. For common numbers, they are slices of a shared array.</summary>
internal static class Repeated
{
    private static readonly int[] _usual = [0, 1, Batch.IgnoredLabel];

    // Arrays are replaced by longer ones when needed; slices that were handed out keep the old array.
    private static readonly ConcurrentDictionary<int, int[]> _blocks = new();

    public static ReadOnlyMemory<int> Of(int value, int length)
    {
        if (!_usual.Contains(value))
            return Filled(value, length);
        if (!_blocks.TryGetValue(value, out var block) || block.Length < length)
            _blocks[value] = block = Filled(value, Math.Max(length, 512));
        return block.AsMemory(0, length);
    }

    private static int[] Filled(int value, int length)
    {
        var values = new int[length];
        Array.Fill(values, value);
        return values;
    }
}
