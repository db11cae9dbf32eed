using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splitting at delimiters of one character.</summary>
internal static class Splitter
{
    public static SplitBehavior ReadBehavior(PartReader json, SplitBehavior absent)
    {
        var name = json.OptionalText("behavior");
        return name is null ? absent : Enum.TryParse<SplitBehavior>(name, out var behavior)
            ? behavior
            : throw json.Error($"found the behavior '{name}'; it must be one of {string.Join(", ", Enum.GetNames<SplitBehavior>())}.");
    }

    /// <summary>Adds the words between, or made of, the characters that <paramref name="isDelimiter"/> names.</summary>
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
}
