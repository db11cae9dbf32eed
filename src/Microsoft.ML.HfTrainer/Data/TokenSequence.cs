using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>The tokens of a row.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="TypeIds">The token type ids. If empty, all are 0.</param>
/// <param name="Mask">The attention mask. If empty, all are 1.</param>
internal readonly record struct TokenSequence(ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> TypeIds, ReadOnlyMemory<int> Mask)
{
    public int Length => Ids.Length;

    /// <summary>Returns an example with the input features of a model.</summary>
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
