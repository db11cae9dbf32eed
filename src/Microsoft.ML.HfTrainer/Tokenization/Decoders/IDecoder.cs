namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Makes text of tokens.</summary>
internal interface IDecoder
{
    /// <summary>The pieces of text that the tokens stand for; one after the other they are the text.</summary>
    IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);
}
