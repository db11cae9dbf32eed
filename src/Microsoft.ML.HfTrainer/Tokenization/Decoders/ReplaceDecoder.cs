using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Patterns;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Replaces the matches of a pattern in each piece.</summary>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : IDecoder, IPart<ReplaceDecoder>
{
    public static string TypeName => "Replace";

    public static ReplaceDecoder Read(PartReader json) => new(TextPattern.Read(json), json.Text("content"));

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Replace)];

    private string Replace(string token)
    {
        if (pattern is LiteralPattern { Literal: var literal })
            return token.Replace(literal, content, StringComparison.Ordinal);
        var matches = TextPattern.RentMatches();
        pattern.Find(token, matches);
        var text = new StringBuilder();
        var position = 0;
        foreach (var (start, end) in matches)
        {
            text.Append(token, position, start - position).Append(content);
            position = end;
        }
        TextPattern.Return(matches);
        return text.Append(token, position, token.Length - position).ToString();
    }
}
