namespace Microsoft.ML.HfTrainer.Data;

/// <summary>The tokens of one row.</summary>
/// <param name="Ids">Their ids.</param>
/// <param name="TypeIds">Their types; empty: 0 everywhere.</param>
/// <param name="Mask">1 where a token counts; empty: everywhere.</param>
internal readonly record struct TokenSequence(ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> TypeIds, ReadOnlyMemory<int> Mask)
{
    // Grows to the longest sequence seen; what was handed out before stays as it is.
    private static int[] _ones = [];

    public int Length => Ids.Length;

    /// <summary>The features that models take; token types are left out unless asked for.</summary>
    public Example ToExample(bool withTypes)
    {
        var example = new Example { ["input_ids"] = Ids, ["attention_mask"] = Mask.IsEmpty ? Ones(Length) : Mask };
        if (withTypes)
            example["token_type_ids"] = TypeIds.IsEmpty ? new int[Length] : TypeIds;
        return example;
    }

    public bool ContentEquals(TokenSequence other) =>
        Ids.Span.SequenceEqual(other.Ids.Span) && TypeIds.Span.SequenceEqual(other.TypeIds.Span) && Mask.Span.SequenceEqual(other.Mask.Span);

    private static ReadOnlyMemory<int> Ones(int length)
    {
        var ones = _ones;
        if (ones.Length < length)
        {
            ones = new int[Math.Max(length, 512)];
            Array.Fill(ones, 1);
            _ones = ones;
        }
        return ones.AsMemory(0, length);
    }
}
