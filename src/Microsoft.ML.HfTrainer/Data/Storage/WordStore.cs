using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>
/// A long run of 32-bit words in equal chunks: the first ones in memory, as far as the budget goes, the others in a temporary file. It is written to its
/// end, completed, and then read in any order.
/// </summary>
internal sealed class WordStore(MemoryBudget budget) : IDisposable
{
    /// <summary>Words a chunk: 1 MiB.</summary>
    public const int ChunkSize = 1 << 18;

    private readonly List<int[]> _inMemory = [];
    private int[] _open = [];
    private int _used;
    private long _closed;

    /// <summary>The number of words.</summary>
    public long Length => _closed * ChunkSize + _used;

    /// <summary>The temporary file; null while memory suffices.</summary>
    public SpillFile? File { get; private set; }

    /// <exception cref="IOException">The temporary file cannot be written.</exception>
    public void Append(ReadOnlySpan<int> words)
    {
        while (!words.IsEmpty)
        {
            var count = Math.Min(words.Length, ChunkSize - _used);
            if (_used + count > _open.Length)
                Array.Resize(ref _open, Math.Min(ChunkSize, Math.Max(_used + count, Math.Max(256, _open.Length * 2))));
            words[..count].CopyTo(_open.AsSpan(_used));
            _used += count;
            words = words[count..];
            if (_used == ChunkSize)
                Close();
        }
    }

    /// <summary>Ends writing and begins reading.</summary>
    public void Complete() => File?.Complete();

    /// <summary>A part of the words: of a chunk in memory without a copy.</summary>
    public ReadOnlyMemory<int> Read(long start, int length)
    {
        var (chunk, offset) = Math.DivRem(start, ChunkSize);
        if (offset + length <= ChunkSize && InMemory(chunk) is { } words)
            return words.AsMemory((int)offset, length);
        var copy = new int[length];
        Read(start, copy);
        return copy;
    }

    /// <summary>Copies a part of the words.</summary>
    public void Read(long start, Span<int> words)
    {
        while (!words.IsEmpty)
        {
            var (chunk, offset) = Math.DivRem(start, ChunkSize);
            var part = words[..(int)Math.Min(words.Length, ChunkSize - offset)];
            if (InMemory(chunk) is { } source)
                source.AsSpan((int)offset, part.Length).CopyTo(part);
            else
                File!.Read(((chunk - _inMemory.Count) * ChunkSize + offset) * sizeof(int), MemoryMarshal.AsBytes(part));
            start += part.Length;
            words = words[part.Length..];
        }
    }

    public void Dispose() => File?.Dispose();

    private int[]? InMemory(long chunk) => chunk < _inMemory.Count ? _inMemory[(int)chunk] : chunk == _closed ? _open : null;

    private void Close()
    {
        if (File is null && budget.TryTake((long)ChunkSize * sizeof(int)))
        {
            _inMemory.Add(_open);
            _open = new int[ChunkSize];
        }
        else
        {
            (File ??= new SpillFile(budget)).Append(MemoryMarshal.AsBytes(_open.AsSpan()));
        }
        _closed++;
        _used = 0;
    }
}
