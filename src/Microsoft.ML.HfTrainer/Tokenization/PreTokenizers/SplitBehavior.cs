namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Specifies how delimiters are treated when a text is split.</summary>
internal enum SplitBehavior
{
    /// <summary>Delimiters are removed.</summary>
    Removed,

    /// <summary>Each delimiter is a word of its own.</summary>
    Isolated,

    /// <summary>Delimiters are appended to the word before them.</summary>
    MergedWithPrevious,

    /// <summary>Delimiters are prepended to the word after them.</summary>
    MergedWithNext,

    /// <summary>Each run of delimiters is a word of its own.</summary>
    Contiguous,
}
