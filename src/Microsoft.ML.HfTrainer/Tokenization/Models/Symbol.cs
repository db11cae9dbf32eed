namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>A symbol of a word during BPE merging.</summary>
internal struct Symbol
{
    /// <summary>The token id.</summary>
    public int Id;

    /// <summary>The length in UTF-8 bytes; 0 after the symbol has been merged into the previous one.</summary>
    public int Bytes;

    /// <summary>The index of the previous symbol, or -1.</summary>
    public int Previous;

    /// <summary>The index of the next symbol, or -1.</summary>
    public int Next;
}
