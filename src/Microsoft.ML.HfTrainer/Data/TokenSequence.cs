using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>The tokens of a row, as token columns hold them.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="TypeIds">The token type ids; empty if all of them are 0.</param>
/// <param name="Mask">The attention mask: 1 for tokens, 0 for padding; empty if all of it is 1.</param>
internal readonly record struct TokenSequence(ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> TypeIds, ReadOnlyMemory<int> Mask)
{
    private const string InputIds = "input_ids", AttentionMask = "attention_mask", TokenTypeIds = "token_type_ids";

    /// <summary>The start and end of each token in its text, one after the other; empty unless the task reads them.</summary>
    public ReadOnlyMemory<int> Offsets { get; init; }

    /// <summary>The index of the word of each token, -1 for special tokens; empty unless the task reads them.</summary>
    public ReadOnlyMemory<int> WordIds { get; init; }

    /// <summary>The text of each token, 0 or 1, -1 for special tokens; empty unless the task reads them.</summary>
    public ReadOnlyMemory<int> SequenceIds { get; init; }

    /// <summary>The number of tokens of each sequence of a row of several; empty unless the task reads them.</summary>
    public ReadOnlyMemory<int> SequenceLengths { get; init; }

    public int Length => Ids.Length;

    /// <summary>The features that models take. Token type ids of 0 are left out: see <see cref="AddDefaults"/>.</summary>
    public Example ToExample()
    {
        var example = new Example { [InputIds] = Ids, [AttentionMask] = Mask.IsEmpty ? Repeated.Of(1, Length) : Mask };
        if (!TypeIds.IsEmpty)
            example[TokenTypeIds] = TypeIds;
        return example;
    }

    public bool ContentEquals(TokenSequence other) =>
        Same(Ids, other.Ids) && Same(TypeIds, other.TypeIds) && Same(Mask, other.Mask) && Same(Offsets, other.Offsets) && Same(WordIds, other.WordIds)
        && Same(SequenceIds, other.SequenceIds) && Same(SequenceLengths, other.SequenceLengths);

    /// <summary>Returns true if the example says something about token types.</summary>
    public static bool HasTypes(Example example) => example.ContainsKey(TokenTypeIds);

    /// <summary>Takes an attention mask of ones out of an example, until <see cref="AddDefaults"/>.</summary>
    public static void RemoveDefaults(Example example)
    {
        if (IsPlain(example) && example.TryGetValue(AttentionMask, out var mask) && mask.IsInteger && !mask.Integers.Span.ContainsAnyExcept(1))
            example.Remove(AttentionMask);
    }

    /// <summary>Adds what an example leaves out: an attention mask of ones and, if other examples of its batch have token type ids, those of 0.</summary>
    public static void AddDefaults(Example example, bool withTypes)
    {
        if (!IsPlain(example))
            return;
        var length = example[InputIds].Length;
        if (!example.ContainsKey(AttentionMask))
            example[AttentionMask] = Repeated.Of(1, length);
        if (withTypes && !HasTypes(example))
            example[TokenTypeIds] = Repeated.Of(0, length);
    }

    // One text per example, and not several.
    private static bool IsPlain(Example example) => example.TryGetValue(InputIds, out var ids) && ids.Shape.Count == 1 && !ids.IsRagged;

    private static bool Same(ReadOnlyMemory<int> one, ReadOnlyMemory<int> other) => one.Span.SequenceEqual(other.Span);
}
