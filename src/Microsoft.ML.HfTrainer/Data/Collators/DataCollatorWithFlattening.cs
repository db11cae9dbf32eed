using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Concatenates the texts of a batch into one row without padding: <c>input_ids</c>, <c>labels</c> (those of the examples, otherwise the input ids) and
/// <c>position_ids</c>, each <c>[1, tokens]</c>. The first label of each text is the separator, so that no text is predicted from the preceding one. Empty examples
/// are left out.
/// </summary>
/// <remarks>The batch has no attention mask: models separate the texts by <c>position_ids</c> or <c>cu_seq_lens</c>.</remarks>
/// <param name="returnPositionIds">true to include <c>position_ids</c>, which restart with each text. Default: true.</param>
/// <param name="separatorId">The first label of each text. Default: -100, which the loss ignores.</param>
/// <param name="returnFlashAttnKwargs">true to include <c>cu_seq_lens_q</c> and <c>cu_seq_lens_k</c>, the cumulative lengths of the texts, int32 <c>[texts + 1]</c>, and <c>max_length_q</c> and <c>max_length_k</c>, int32 scalars. Default: false.</param>
/// <param name="returnSeqIdx">true to include <c>seq_idx</c>, the index of the text of each token, int32 <c>[1, tokens]</c>. Default: false.</param>
/// <param name="positionIdsStart">The position id of the first token of each text; 2 for RoBERTa and related models. Default: 0.</param>
public sealed class DataCollatorWithFlattening(
    bool returnPositionIds = true, int separatorId = Batch.IgnoredLabel, bool returnFlashAttnKwargs = false, bool returnSeqIdx = false, int positionIdsStart = 0) : IDataCollator
{
    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var texts = examples.Select(Ids).Where(text => text.Ids.Length > 0).ToList();
        if (texts.Count == 0)
            throw new ArgumentException($"None of the batch's {examples.Count} examples has a token in 'input_ids'; at least one is needed.", nameof(examples));
        var hasLabels = examples[texts[0].Row].ContainsKey(Batch.Labels);
        var labels = texts.SelectMany(text => Labels(text.Ids, examples[text.Row], text.Row, hasLabels)).ToArray();
        var batch = new Batch { Size = texts.Count, HasPadding = false, OwnLabelCount = labels.LongCount(label => label != Batch.IgnoredLabel) };
        Add("input_ids", texts.SelectMany(text => text.Ids.ToArray().Select(id => (long)id)));
        Add(Batch.Labels, labels);
        if (returnPositionIds)
            Add("position_ids", texts.SelectMany(text => Enumerable.Range(positionIdsStart, text.Ids.Length).Select(position => (long)position)));
        if (returnSeqIdx)
            batch["seq_idx"] = tensor(texts.SelectMany((text, index) => Enumerable.Repeat(index, text.Ids.Length)).ToArray()).unsqueeze_(0).DetachFromDisposeScope();
        if (returnFlashAttnKwargs)
        {
            var ends = texts.Aggregate(new List<int> { 0 }, (sums, text) => [.. sums, sums[^1] + text.Ids.Length]).ToArray();
            foreach (var side in new[] { "q", "k" })
            {
                batch[$"cu_seq_lens_{side}"] = tensor(ends).DetachFromDisposeScope();
                batch[$"max_length_{side}"] = tensor(texts.Max(text => text.Ids.Length)).DetachFromDisposeScope();
            }
        }
        return batch;

        void Add(string name, IEnumerable<long> values) => batch[name] = tensor(values.ToArray()).unsqueeze_(0).DetachFromDisposeScope();
    }

    private static (ReadOnlyMemory<int> Ids, int Row) Ids(Example example, int row) =>
        example.TryGetValue("input_ids", out var ids) && ids.IsInteger && ids.Shape.Count == 1
            ? (ids.Integers, row)
            : throw new InvalidDataException($"Example {row} of the batch has {(example.ContainsKey("input_ids") ? ids.Describe() : "nothing")} in 'input_ids'; a list of whole numbers is needed.");

    private IEnumerable<long> Labels(ReadOnlyMemory<int> ids, Example example, int row, bool hasLabels)
    {
        var labels = ids;
        if (hasLabels)
            labels = example.TryGetValue(Batch.Labels, out var own) && own.IsInteger && own.Length == ids.Length
                ? own.Integers
                : throw new InvalidDataException($"Example {row} of the batch has {(example.ContainsKey(Batch.Labels) ? own.Describe() : "nothing")} in '{Batch.Labels}'; a whole number for each of its {ids.Length} tokens is needed.");
        return labels.ToArray().Select((label, index) => index == 0 ? separatorId : (long)label);
    }
}
