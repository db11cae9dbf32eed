using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Makes a space of the mark at the end of a word; the last word's is dropped.</summary>
internal sealed class BpeDecoder(string suffix) : IDecoder, IPart<BpeDecoder>
{
    public static string TypeName => "BPEDecoder";

    public static BpeDecoder Read(PartReader json) => new(json.OptionalText("suffix") ?? "</w>");

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => suffix.Length == 0 ? tokens :
        [.. tokens.Select((token, i) => token.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
}
