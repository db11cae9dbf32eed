using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization;

/// <summary>Creates single components from JSON, and formats their results.</summary>
internal static class PartText
{
    public static T Read<T>(PartRegistry<T> parts, string json)
        where T : class
    {
        using var document = JsonDocument.Parse(json);
        return parts.Read(new PartReader(document.RootElement.Clone(), "", new LoadContext("tiny", "tokenizer.json")));
    }

    /// <summary>The words of a text, separated by bars; with offsets, each followed by its range in the text.</summary>
    public static string Split(string part, string text, bool offsets = false)
    {
        var normalized = new NormalizedText();
        normalized.Reset(text, 0);
        var words = new List<TextSpan>();
        Read(TokenizerParts.PreTokenizers, part).Split(new TextSpan(normalized, 0, normalized.Length), words);
        return string.Join('|', words.Select(word => word.Chars.ToString() + (offsets ? Format(word.Text.Original(word.Start, word.End)) : "")));
    }

    /// <summary>The normalized text; with offsets, each unit followed by its range in the text.</summary>
    public static string Normalize(string part, string text, bool offsets = false)
    {
        var normalized = new NormalizedText();
        normalized.Reset(text, 0);
        Read(TokenizerParts.Normalizers, part).Normalize(normalized);
        var chars = normalized.Chars.ToString();
        return offsets ? string.Concat(chars.Select((c, i) => c + Format(normalized.Original(i, i + 1)))) : chars;
    }

    public static string Decode(string part, params string[] tokens) => string.Join('|', Read(TokenizerParts.Decoders, part).Decode(tokens));

    private static string Format((int Start, int End) range) => $"{range.Start}-{range.End}";
}
