namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>What becomes of the delimiters at which a text is split.</summary>
internal enum SplitBehavior
{
    /// <summary>Dropped.</summary>
    Removed,

    /// <summary>Each a word.</summary>
    Isolated,

    /// <summary>The end of the word before.</summary>
    MergedWithPrevious,

    /// <summary>The beginning of the word behind.</summary>
    MergedWithNext,

    /// <summary>Each run of them a word.</summary>
    Contiguous,
}
