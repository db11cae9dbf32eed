using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Makes the source of a batch of its examples.</summary>
internal static class BatchSources
{
    // The features that a collator makes labels and, if examples have none, the inputs of a decoder of.
    private static readonly string[] _labels = [Batch.Labels, .. Batch.OtherLabelNames];

    /// <summary>Returns the source of the batch of these examples.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="nameOf">Returns the name of an example, given its row.</param>
    public static BatchSource ToSource(this IReadOnlyList<Example> examples, Func<int, string> nameOf) =>
        new(examples.Count, nameOf, (row, name) =>
            name is Batch.Labels or "decoder_input_ids" && !examples[row].ContainsKey(name) && Array.Find(_labels, examples[row].ContainsKey) is { } feature ? feature : name);
}
