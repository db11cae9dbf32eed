using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tasks;

namespace Microsoft.ML.HfTrainer.Estimators.Choices;

/// <summary>Makes the sequences and the examples of rows with choices.</summary>
internal static class ChoiceRows
{
    private const string InputIds = "input_ids", AttentionMask = "attention_mask", TokenTypeIds = "token_type_ids";

    /// <summary>Returns the question with each choice of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="most">The maximum number of choices.</param>
    /// <exception cref="InvalidDataException">The row has no choices, or too many.</exception>
    public static TokenSequence[] Sequences(TaskRow row, int most)
    {
        var (tokens, lengths, at) = (row.Tokens[0], row.Tokens[0].SequenceLengths.ToArray(), 0);
        if (lengths.Length == 0)
            throw row.Refuse("has no choices; it should have at least one.");
        if (lengths.Length > most)
            throw row.Refuse($"has {lengths.Length} choices, and the label has keys for {most}.");
        if (lengths.Sum() != tokens.Length)
            throw row.Refuse($"has {tokens.Length} tokens, and sequences of {string.Join(", ", lengths)}; the token columns should be those of one TokenizeHf.");
        return Array.ConvertAll(lengths, length =>
        {
            var own = new TokenSequence(Part(tokens.Ids), Part(tokens.TypeIds), Part(tokens.Mask));
            at += length;
            return own;

            ReadOnlyMemory<int> Part(ReadOnlyMemory<int> values) => values.IsEmpty ? values : values.Slice(at, length);
        });
    }

    /// <summary>Makes examples of rows with labels, all of which have the same number of choices.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="most">The maximum number of choices.</param>
    /// <param name="label">The name of the label column, for messages.</param>
    public static IEnumerable<Example> Examples(IEnumerable<TaskRow> rows, int most, string label)
    {
        var first = ((string Name, int Choices)?)null;
        foreach (var row in rows)
        {
            var (sequences, right) = (Sequences(row, most), row[Batch.Labels].Integers.Span[0]);
            first ??= (row.Name, sequences.Length);
            if (sequences.Length != first.Value.Choices)
                throw row.Refuse($"has {sequences.Length} choices, and {first.Value.Name} has {first.Value.Choices}; the rows that a model is trained or evaluated on should have the same number.");
            if (sequences.Length == 1)
                throw row.Refuse("has one choice; there is nothing to learn from fewer than two.");
            if (right < 0 || right >= sequences.Length)
                throw row.Refuse($"has the label {right} in '{label}', counted from 0, and {sequences.Length} choices.");
            var example = new Example { [InputIds] = Stack(sequences, own => own.Ids, 0), [AttentionMask] = Stack(sequences, own => own.Mask, 1), [Batch.Labels] = right };
            if (row.Tokenizer.ModelInputNames.Contains(TokenTypeIds))
                example[TokenTypeIds] = Stack(sequences, own => own.TypeIds, 0);
            yield return example;
        }
    }

    // A token set leaves out values that are the same throughout.
    private static Feature Stack(TokenSequence[] sequences, Func<TokenSequence, ReadOnlyMemory<int>> values, int left) => Array.ConvertAll(
        sequences, own => values(own) is { IsEmpty: false } given ? given.ToArray() : [.. Enumerable.Repeat(left, own.Length)]);
}
