namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>Computes how much of each sequence fits, and the parts into which the rest is split.</summary>
internal static class Truncation
{
    /// <summary>
    /// Returns the maximum number of tokens for each of the two sequences, or null if all tokens fit. <paramref name="special"/> is the number of
    /// special tokens that are added.
    /// </summary>
    public static (int First, int Second)? Plan(int first, int? second, EncodeOptions options, int special)
    {
        if (options.MaxLength is not { } limit || options.Truncation == TruncationStrategy.DoNotTruncate || limit < special)
            return null;
        limit -= special;
        var total = first + (second ?? 0);
        if (limit == 0)
            return (0, 0);
        if (total <= limit)
            return null;
        return options.Truncation switch
        {
            TruncationStrategy.LongestFirst => second is null ? (limit, 0) : Balance(first, second.Value, limit),
            TruncationStrategy.OnlyFirst => (Shorten(first, total - limit, "first"), second ?? 0),
            _ => (first, Shorten(second ?? throw new ArgumentException(
                "The strategy OnlySecond truncates the second sequence, but only one was given; use LongestFirst or OnlyFirst."), total - limit, "second")),
        };
    }

    /// <summary>
    /// Follows the tokenizers that Hugging Face Transformers implements in Python: with a strategy that allows only one sequence to be truncated, it
    /// may be truncated to nothing even if that is not enough; of two sequences truncated equally, the first keeps the odd token.
    /// </summary>
    public static (int First, int Second)? PlanDownToNothing(int first, int? second, EncodeOptions options, int special)
    {
        var excess = first + (second ?? 0) + special - (options.MaxLength ?? int.MaxValue);
        if (options.MaxLength == 0 || excess <= 0)
            return null;
        return (options.Truncation, second) switch
        {
            (TruncationStrategy.OnlyFirst, _) or (TruncationStrategy.LongestFirst, null) => (Math.Max(first - excess, 0), second ?? 0),
            (TruncationStrategy.OnlySecond, > 0) => (first, Math.Max(second.Value - excess, 0)),
            (TruncationStrategy.LongestFirst, { } other) => Even(first, other, excess),
            _ => null,
        };
    }

    /// <summary>Returns the parts of a sequence, beginning with the one that is kept. Without truncation there is one part.</summary>
    public static List<Range> Parts(int count, int longest, int stride, Side side)
    {
        if (longest >= count)
            return [0..count];
        if (longest == 0)
            return [0..0, 0..count];
        if (stride >= longest)
        {
            throw new ArgumentException(
                $"The stride of {stride} tokens leaves no room in parts of {longest} tokens (special tokens are subtracted from the maximum length); " +
                $"it must be below {longest}.");
        }
        var parts = new List<Range>();
        var step = longest - stride;
        if (side == Side.Right)
        {
            for (var start = 0; parts.Count == 0 || parts[^1].End.Value < count; start += step)
                parts.Add(start..Math.Min(start + longest, count));
        }
        else
        {
            for (var end = count; parts.Count == 0 || parts[^1].Start.Value > 0; end -= step)
                parts.Add(Math.Max(end - longest, 0)..end);
        }
        return parts;
    }

    // The shorter sequence is kept whole if it takes at most half of the room; otherwise the odd token goes to the longer one.
    private static (int First, int Second) Balance(int first, int second, int limit)
    {
        var (shorter, longer) = (Math.Min(first, second), Math.Max(first, second));
        longer = shorter > limit ? shorter : Math.Max(shorter, limit - shorter);
        if (shorter + longer > limit)
            (shorter, longer) = (limit / 2, (limit / 2) + (limit % 2));
        return first > second ? (longer, shorter) : (shorter, longer);
    }

    // The longer sequence is shortened to the length of the other, then both equally.
    private static (int First, int Second) Even(int first, int second, int excess)
    {
        var difference = Math.Min(Math.Abs(first - second), excess);
        var (fromFirst, fromSecond) = ((excess - difference) / 2, (excess - difference + 1) / 2);
        return first > second
            ? (Math.Max(first - difference - fromFirst, 0), Math.Max(second - fromSecond, 0))
            : (Math.Max(first - fromFirst, 0), Math.Max(second - difference - fromSecond, 0));
    }

    private static int Shorten(int count, int excess, string sequence) => count > excess
        ? count - excess
        : throw new ArgumentException(
            $"{excess} tokens must be removed to fit the maximum length, but the {sequence} sequence, the only one that may be truncated, has {count}; " +
            "raise MaxLength or use LongestFirst.");
}
