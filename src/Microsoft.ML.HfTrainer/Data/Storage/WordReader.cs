using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>Reads the words of one example sequentially.</summary>
internal struct WordReader(ReadOnlyMemory<int> words)
{
    private int _position;

    public int Next() => words.Span[_position++];

    public ReadOnlyMemory<int> Next(int count)
    {
        _position += count;
        return words.Slice(_position - count, count);
    }

    public string NextText()
    {
        var length = Next();
        return new string(MemoryMarshal.Cast<int, char>(Next((length + 1) / 2).Span)[..length]);
    }
}
