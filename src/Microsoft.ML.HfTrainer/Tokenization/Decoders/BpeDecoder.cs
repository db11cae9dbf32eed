using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Replaces the end-of-word suffix by a space; that of the last token is dropped.</summary>
internal sealed class BpeDecoder(string suffix) : IDecoder, IPart<BpeDecoder>
{
    public static string TypeName => "BPEDecoder";

    public static BpeDecoder Read(PartReader json) => new(json.OptionalText("suffix") ?? "</w>");

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => suffix.Length == 0 ? tokens :
        [.. tokens.Select((token, i) => token.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
}
