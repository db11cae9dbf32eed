namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Converts tokens back to text.</summary>
internal interface IDecoder
{
    /// <summary>Returns the pieces of text that the tokens stand for; their concatenation is the decoded text.</summary>
    IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);
}
