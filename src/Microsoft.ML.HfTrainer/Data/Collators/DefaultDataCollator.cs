using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Stacks features of equal shape. <c>label</c>, or without it <c>label_ids</c>, becomes <c>labels</c>. Strings and features that have no value in the first example are
/// left out.
/// </summary>
public sealed class DefaultDataCollator : IDataCollator
{
    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var builder = new BatchBuilder(examples);
        var labels = builder.FindLabels([Batch.Labels, .. Batch.OtherLabelNames]);
        var names = examples[0].Where(f => !f.Value.IsDefault && !f.Value.IsText && (f.Key == labels || !Batch.OtherLabelNames.Contains(f.Key))).Select(f => f.Key).ToList();
        // If no feature remains, building the batch of all of them reports the error.
        return builder.Build(names.Count > 0 ? names : null, _ => null, labels);
    }
}
