using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>The tokens of one row.</summary>
/// <param name="Ids">Their ids.</param>
/// <param name="TypeIds">Their types; empty: 0 everywhere.</param>
/// <param name="Mask">1 where a token counts; empty: everywhere.</param>
internal readonly record struct TokenSequence(ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> TypeIds, ReadOnlyMemory<int> Mask)
{
    public int Length => Ids.Length;

    /// <summary>The features that models take; token types are left out unless asked for.</summary>
    public Example ToExample(bool withTypes)
    {
        var example = new Example { ["input_ids"] = Ids, ["attention_mask"] = Mask.IsEmpty ? Repeated.Of(1, Length) : Mask };
        if (withTypes)
            example["token_type_ids"] = TypeIds.IsEmpty ? Repeated.Of(0, Length) : TypeIds;
        return example;
    }

    public bool ContentEquals(TokenSequence other) =>
        Ids.Span.SequenceEqual(other.Ids.Span) && TypeIds.Span.SequenceEqual(other.TypeIds.Span) && Mask.Span.SequenceEqual(other.Mask.Span);
}
