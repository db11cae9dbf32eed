namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Specifies where Metaspace prepends its replacement character.</summary>
internal enum PrependScheme
{
    /// <summary>To every text that the pre-tokenizer receives.</summary>
    Always,

    /// <summary>Only to a text at the beginning of the source text.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}
