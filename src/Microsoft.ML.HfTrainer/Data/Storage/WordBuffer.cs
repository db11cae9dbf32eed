using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>A reusable buffer for the words of one example before they are appended to a store.</summary>
internal sealed class WordBuffer
{
    private int[] _words = new int[256];
    private int _count;

    public ReadOnlySpan<int> Words => _words.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Add(int word) => Take(1)[0] = word;

    public void Add(ReadOnlySpan<int> words) => words.CopyTo(Take(words.Length));

    /// <summary>Adds a string: its length, then two characters per word.</summary>
    public void Add(string text)
    {
        Add(text.Length);
        text.CopyTo(MemoryMarshal.Cast<int, char>(Take((text.Length + 1) / 2)));
    }

    private Span<int> Take(int count)
    {
        if (_count + count > _words.Length)
            Array.Resize(ref _words, Math.Max(checked(_count + count), _words.Length * 2));
        _count += count;
        return _words.AsSpan(_count - count, count);
    }
}
