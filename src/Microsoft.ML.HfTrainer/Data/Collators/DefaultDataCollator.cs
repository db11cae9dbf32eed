using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>Stacks features of equal length. <c>label</c> and <c>label_ids</c> become <c>labels</c>.</summary>
public sealed class DefaultDataCollator : IDataCollator
{
    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples) => new BatchBuilder(examples).Build(_ => null);
}
