using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>
/// A sequence of 32-bit words in chunks of equal size. The first chunks are kept in memory, as far as the budget permits, the others in a temporary file. The words are
/// appended, then completed, then read with random access.
/// </summary>
internal sealed class WordStore(MemoryBudget budget) : IDisposable
{
    /// <summary>The number of words per chunk, which takes 1 MiB.</summary>
    public const int ChunkSize = 1 << 18;

    private readonly List<int[]> _inMemory = [];
    private int[] _open = [];
    private int _used;
    private long _closed;

    /// <summary>Gets the number of words.</summary>
    public long Length => _closed * ChunkSize + _used;

    /// <summary>Gets the temporary file, or null as long as the budget suffices.</summary>
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

    /// <summary>Ends writing, so that words can be read.</summary>
    public void Complete() => File?.Complete();

    /// <summary>Returns a range of words; within a chunk in memory, they are not copied.</summary>
    public ReadOnlyMemory<int> Read(long start, int length)
    {
        var (chunk, offset) = Math.DivRem(start, ChunkSize);
        if (offset + length <= ChunkSize && InMemory(chunk) is { } words)
            return words.AsMemory((int)offset, length);
        var copy = new int[length];
        Read(start, copy);
        return copy;
    }

    /// <summary>Copies a range of words.</summary>
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
