using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Inserts a space before each token that does not continue a word, and optionally cleans up the spaces before punctuation.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanUp) : IDecoder, IPart<WordPieceDecoder>
{
    public static string TypeName => "WordPiece";

    public static WordPieceDecoder Read(PartReader json) => new(json.OptionalText("prefix") ?? "##", json.Flag("cleanup", true));

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Decode)];

    private string Decode(string token, int index)
    {
        if (index > 0)
            token = prefix.Length > 0 && token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleanUp ? CleanUp.Apply(token, contractsDoNot: true) : token;
    }
}
