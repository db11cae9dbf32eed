using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Stacks features of equal shape. <c>label</c>, or where there is none <c>label_ids</c>, becomes <c>labels</c>; texts, and what the first example has
/// nothing in, are left out.
/// </summary>
public sealed class DefaultDataCollator : IDataCollator
{
    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var builder = new BatchBuilder(examples);
        var labels = builder.FindLabels("labels", "label", "label_ids");
        var names = examples[0].Where(f => !f.Value.IsNothing && !f.Value.IsText && (f.Key == labels || f.Key is not ("label" or "label_ids"))).Select(f => f.Key).ToList();
        // Where nothing else is there, what is left out is an error.
        return builder.Build(names.Count > 0 ? names : null, _ => null, labels);
    }
}
