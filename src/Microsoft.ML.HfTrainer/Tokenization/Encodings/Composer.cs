using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>Builds encodings from the tokens of one or two sequences: truncation, template, offset trimming.</summary>
internal sealed class Composer(HfTokenizer tokenizer, PostProcessing processing)
{
    private readonly OffsetTrimmer? _trimmer = processing.TrimOffsets ? new OffsetTrimmer(tokenizer, processing.AddsPrefixSpace) : null;

    public TokenEncoding Compose(SequenceTokens first, SequenceTokens? second, EncodeOptions options)
    {
        var template = second is null ? processing.Single : processing.Pair;
        Check(options);
        var special = options.AddSpecialTokens ? template.AddedTokens : 0;
        var plan = processing.TruncatesToNothing
            ? Truncation.PlanDownToNothing(first.Count, second?.Count, options, special)
            : Truncation.Plan(first.Count, second?.Count, options, special);
        if (plan is not var (firstLength, secondLength))
            return Compose(template, first, new(..first.Count), second, new(..(second?.Count ?? 0)), options.AddSpecialTokens);

        var side = options.TruncationSide ?? tokenizer.TruncationSide;
        var firstParts = Truncation.Parts(first.Count, firstLength, options.Stride, side);
        var secondParts = Truncation.Parts(second?.Count ?? 0, secondLength, options.Stride, side);
        var encoding = Compose(template, first, new(firstParts[0]), second, new(secondParts[0]), options.AddSpecialTokens);
        if (firstParts.Count == 1 && secondParts.Count == 1)
            return encoding;
        SetOverflow(encoding, template, first.Copy(), firstParts, second?.Copy(), secondParts, options.AddSpecialTokens);
        return encoding;
    }

    // Deferred, because most callers never read the overflowing parts.
    private void SetOverflow(
        TokenEncoding encoding, TokenTemplate template, SequenceTokens first, List<Range> firstParts, SequenceTokens? second, List<Range> secondParts,
        bool addSpecialTokens) => encoding.SetOverflow(() =>
    {
        var rest = firstParts.Skip(1).SelectMany(_ => secondParts, (a, b) => (a, b)).Concat(secondParts.Skip(1).Select(b => (a: firstParts[0], b)));
        return [.. rest.Select(part => Compose(
            template, first, new(part.a, !part.a.Equals(firstParts[0])), second, new(part.b, !part.b.Equals(secondParts[0])), addSpecialTokens))];
    });

    private void Check(EncodeOptions options)
    {
        if (options.MaxLength is not { } limit)
            return;
        ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(EncodeOptions.MaxLength));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Stride, nameof(EncodeOptions.Stride));
        var room = limit - processing.Single.AddedTokens;
        if (room >= 0 && options.Stride > room)
        {
            throw new ArgumentException($"The stride of {options.Stride} tokens is above the {room} tokens that a maximum length of {limit} leaves " +
                $"after {processing.Single.AddedTokens} special tokens; it must be below {room}.");
        }
    }

    private TokenEncoding Compose(
        TokenTemplate template, SequenceTokens first, Part firstPart, SequenceTokens? second, Part secondPart, bool addSpecialTokens)
    {
        var (firstStart, firstCount) = firstPart.Range.GetOffsetAndLength(first.Count);
        var (secondStart, secondCount) = secondPart.Range.GetOffsetAndLength(second?.Count ?? 0);
        var encoding = new TokenEncoding(tokenizer, firstCount + secondCount + (addSpecialTokens ? template.AddedTokens : 0));
        var at = 0;
        foreach (var (sequence, typeId, overflowTypeId, ids) in template.Pieces)
        {
            if (sequence == 0)
                at = encoding.Write(at, first, firstStart, firstCount, sequence, firstPart.Overflows ? overflowTypeId : typeId);
            else if (sequence == 1)
                at = encoding.Write(at, second!, secondStart, secondCount, sequence, secondPart.Overflows ? overflowTypeId : typeId);
            else if (addSpecialTokens)
                at = encoding.WriteSpecial(at, ids, typeId);
        }
        _trimmer?.Trim(encoding, first, second);
        return encoding;
    }

    /// <summary>A part of a sequence, and whether truncation removed it.</summary>
    private readonly record struct Part(Range Range, bool Overflows = false);
}
