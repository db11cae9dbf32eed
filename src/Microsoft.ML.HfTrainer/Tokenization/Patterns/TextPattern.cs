using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>A pattern at whose matches a text is split, or whose matches are replaced.</summary>
internal abstract class TextPattern
{
    // A list that a text of some megabytes has grown beyond this size is released.
    private const int MaxRetained = 1 << 16;

    [ThreadStatic]
    private static List<TextMatch>? _spare;

    /// <summary>Reads a pattern of the form <c>{ "String": "..." }</c> or <c>{ "Regex": "..." }</c>.</summary>
    public static TextPattern Read(PartReader json)
    {
        var pattern = json.Object("pattern");
        if (pattern.OptionalText("String") is { } text)
            return text.Length > 0 ? new LiteralPattern(text) : Regex(text, pattern);
        return pattern.OptionalText("Regex") is { } regex
            ? Regex(regex, pattern)
            : throw pattern.Expected("an object with 'String' or 'Regex'");
    }

    /// <summary>Appends the matches from left to right; they do not overlap.</summary>
    public abstract void Find(ReadOnlySpan<char> text, List<TextMatch> matches);

    /// <summary>Returns an empty list, reused by this thread, for <see cref="Find"/>; pass it to <see cref="Return"/> after use.</summary>
    public static List<TextMatch> RentMatches()
    {
        var matches = _spare ?? [];
        _spare = null;
        matches.Clear();
        return matches;
    }

    public static void Return(List<TextMatch> matches) => _spare = matches.Capacity <= MaxRetained ? matches : null;

    private static TextPattern Regex(string pattern, PartReader json) =>
        (TextPattern?)KnownPatterns.Find(pattern) ?? RegexPattern.Make(pattern, json.Context.Tokenizer, json.Error);
}
