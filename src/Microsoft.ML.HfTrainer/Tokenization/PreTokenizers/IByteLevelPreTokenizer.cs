namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>
/// A pre-tokenizer whose last step writes words in the alphabet of bytes. A model that does so itself takes the words as they were before.
/// </summary>
internal interface IByteLevelPreTokenizer : IPreTokenizer
{
    /// <summary>Whether the last step is that one.</summary>
    bool EndsInBytes { get; }

    /// <summary>What is left without it, or null for nothing.</summary>
    IPreTokenizer? WithoutBytes { get; }
}
