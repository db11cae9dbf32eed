namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>A piece of a word while BPE merges pieces.</summary>
internal struct Symbol
{
    /// <summary>The token that the piece is.</summary>
    public int Id;

    /// <summary>Its length in UTF-8 bytes; 0 once it has become part of the piece before it.</summary>
    public int Bytes;

    /// <summary>The index of the piece before it, or -1.</summary>
    public int Previous;

    /// <summary>The index of the piece behind it, or -1.</summary>
    public int Next;
}
