namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Where Metaspace puts its mark before a text that has none.</summary>
internal enum PrependScheme
{
    /// <summary>Before every text it is given.</summary>
    Always,

    /// <summary>Only before one that begins where the original text begins.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}
