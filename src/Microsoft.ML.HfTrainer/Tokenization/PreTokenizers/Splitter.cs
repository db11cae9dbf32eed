using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Patterns;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits a text at delimiters: single characters, or matches of a pattern.</summary>
internal static class Splitter
{
    public static SplitBehavior ReadBehavior(PartReader json, SplitBehavior absent)
    {
        var name = json.OptionalText("behavior");
        return name is null ? absent : Enum.TryParse<SplitBehavior>(name, out var behavior)
            ? behavior
            : throw json.Error($"found the behavior '{name}'; it must be one of {string.Join(", ", Enum.GetNames<SplitBehavior>())}.");
    }

    /// <summary>Splits at the characters for which <paramref name="isDelimiter"/> returns true, and appends the words.</summary>
    public static void Split(TextSpan span, Func<Rune, bool> isDelimiter, SplitBehavior behavior, List<TextSpan> words)
    {
        var (start, position, afterDelimiter) = (span.Start, span.Start, false);
        foreach (var rune in span.Chars.EnumerateRunes())
        {
            var delimiter = isDelimiter(rune);
            var next = position + rune.Utf16SequenceLength;
            var cutsBefore = behavior switch
            {
                SplitBehavior.MergedWithPrevious => afterDelimiter,
                SplitBehavior.MergedWithNext => delimiter,
                SplitBehavior.Contiguous => delimiter != afterDelimiter,
                _ => delimiter || afterDelimiter,
            };
            if (cutsBefore)
            {
                Add(position);
                start = position;
            }
            if (delimiter && behavior == SplitBehavior.Removed)
                start = next;
            (position, afterDelimiter) = (next, delimiter);
        }
        Add(position);

        void Add(int end)
        {
            if (start < end)
                words.Add(new TextSpan(span.Text, start, end));
        }
    }

    /// <summary>
    /// Splits at the matches of <paramref name="pattern"/>, or at the text between them if <paramref name="invert"/> is set, and appends the words.
    /// </summary>
    public static void Split(TextSpan span, TextPattern pattern, bool invert, SplitBehavior behavior, List<TextSpan> words)
    {
        if (pattern is WordPattern wordPattern && behavior == SplitBehavior.Isolated)
        {
            SplitIntoWords(span, wordPattern, words);
            return;
        }
        var matches = TextPattern.RentMatches();
        pattern.Find(span.Chars, matches);
        var pieces = new Pieces(span, behavior, words);
        var end = 0;
        foreach (var match in matches)
        {
            if (match.Start > end)
                pieces.Add(end, match.Start, isDelimiter: invert);
            pieces.Add(match.Start, match.End, isDelimiter: !invert);
            end = match.End;
        }
        if (end < span.End - span.Start)
            pieces.Add(end, span.End - span.Start, isDelimiter: invert);
        pieces.AddLast();
        TextPattern.Return(matches);
    }

    private static void SplitIntoWords(TextSpan span, WordPattern pattern, List<TextSpan> words)
    {
        var chars = span.Chars;
        for (int start = 0, end; start < chars.Length; start = end)
        {
            end = pattern.End(chars, start);
            words.Add(new TextSpan(span.Text, span.Start + start, span.Start + end));
        }
    }

    /// <summary>Combines delimiters and the text between them into words. A word is held back until it is known what follows.</summary>
    private struct Pieces(TextSpan span, SplitBehavior behavior, List<TextSpan> words)
    {
        private int _start;
        private int _end;
        private bool _endsWithDelimiter;

        public void Add(int start, int end, bool isDelimiter)
        {
            var merges = behavior switch
            {
                SplitBehavior.MergedWithPrevious => isDelimiter && !_endsWithDelimiter,
                SplitBehavior.MergedWithNext => !isDelimiter && _endsWithDelimiter,
                SplitBehavior.Contiguous => isDelimiter == _endsWithDelimiter,
                _ => false,
            };
            if (!merges)
            {
                AddLast();
                _start = start;
            }
            (_end, _endsWithDelimiter) = (end, isDelimiter);
            if (isDelimiter && behavior == SplitBehavior.Removed)
                _start = end;
        }

        public readonly void AddLast()
        {
            if (_start < _end)
                words.Add(new TextSpan(span.Text, span.Start + _start, span.Start + _end));
        }
    }
}
