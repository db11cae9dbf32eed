namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>
/// A pre-tokenizer whose last step may be the conversion to the byte-level alphabet. A model that does the conversion itself uses
/// <see cref="WithoutBytes"/> instead.
/// </summary>
internal interface IByteLevelPreTokenizer : IPreTokenizer
{
    /// <summary>Indicates whether the last step is the conversion to bytes.</summary>
    bool EndsInBytes { get; }

    /// <summary>Gets the pre-tokenizer without the conversion, or null if nothing else is left.</summary>
    IPreTokenizer? WithoutBytes { get; }
}
