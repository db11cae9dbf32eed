using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>What texts are split at, or what is replaced in them.</summary>
internal abstract class TextPattern
{
    // What a text of some megabytes made it grow to is not held on to.
    private const int MostKept = 1 << 16;

    [ThreadStatic]
    private static List<TextMatch>? _spare;

    /// <summary>Reads <c>{ "String": "..." }</c> or <c>{ "Regex": "..." }</c>.</summary>
    public static TextPattern Read(PartReader json)
    {
        var pattern = json.Object("pattern");
        if (pattern.OptionalText("String") is { } text)
            return text.Length > 0 ? new LiteralPattern(text) : Regex(text, pattern);
        return pattern.OptionalText("Regex") is { } regex
            ? Regex(regex, pattern)
            : throw pattern.Unlike("an object with 'String' or 'Regex'");
    }

    /// <summary>Adds the matches from left to right; none overlaps another.</summary>
    public abstract void Find(ReadOnlySpan<char> text, List<TextMatch> matches);

    /// <summary>An empty list of this thread's for <see cref="Find"/>; give it back with <see cref="Return"/>.</summary>
    public static List<TextMatch> RentMatches()
    {
        var matches = _spare ?? [];
        _spare = null;
        matches.Clear();
        return matches;
    }

    public static void Return(List<TextMatch> matches) => _spare = matches.Capacity <= MostKept ? matches : null;

    private static TextPattern Regex(string pattern, PartReader json) =>
        (TextPattern?)KnownPatterns.Find(pattern) ?? RegexPattern.Make(pattern, json.Context.Tokenizer, json.Error);
}
