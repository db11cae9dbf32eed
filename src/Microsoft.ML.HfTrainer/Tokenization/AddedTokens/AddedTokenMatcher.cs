using System.Buffers;
using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

/// <summary>A match of an added token in a text.</summary>
internal readonly record struct TokenMatch(AddedToken Token, int Start, int End);

/// <summary>Finds added tokens: the leftmost first, and the longest of those that begin at the same position.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<char> _firstChars;
    private readonly PatternTrie _patterns = new();

    /// <summary>Creates a matcher from tokens and the pattern to match for each.</summary>
    public AddedTokenMatcher(IEnumerable<(string Pattern, AddedToken Token)> tokens)
    {
        var firstChars = new HashSet<char>();
        foreach (var (pattern, token) in tokens.Where(token => token.Pattern.Length > 0))
        {
            _patterns.Add(pattern, token);
            firstChars.Add(pattern[0]);
        }
        _firstChars = SearchValues.Create([.. firstChars]);
    }

    /// <summary>Appends the matches in <paramref name="text"/>, from left to right and without overlaps.</summary>
    public void Find(ReadOnlySpan<char> text, List<TokenMatch> matches)
    {
        int position = 0, covered = 0;
        while (position < text.Length)
        {
            var next = text[position..].IndexOfAny(_firstChars);
            if (next < 0)
                return;
            var start = position + next;
            if (_patterns.Longest(text[start..], out var length) is not { } token)
            {
                position = start + 1;
                continue;
            }
            var end = position = start + length;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..])))
                continue;
            if (token.LeftStrip)
                start = Math.Max(text[..start].TrimEnd().Length, covered);
            if (token.RightStrip)
                end = text.Length - text[end..].TrimStart().Length;
            matches.Add(new TokenMatch(token, start, end));
            covered = end;
            position = Math.Max(position, end);
        }
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        !text.IsEmpty && Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && Characters.IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        !text.IsEmpty && Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && Characters.IsWord(rune);
}
