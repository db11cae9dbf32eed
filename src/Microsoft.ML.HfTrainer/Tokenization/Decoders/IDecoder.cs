namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Makes text of tokens.</summary>
internal interface IDecoder
{
    string Decode(IReadOnlyList<string> tokens);
}
