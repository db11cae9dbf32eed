using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Pads tokens with an id, and labels that are lists with -100.</summary>
internal sealed class CurveCollator(int padTokenId) : IDataCollator
{
    private readonly TokenPadding _padding = new(padTokenId, 0, Side.Right, PaddingStrategy.Longest, null, null);

    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var complete = _padding.Complete(examples);
        var paddingOf = _padding.For(complete);
        var padding = complete[0][Batch.Labels].IsScalar ? null : _padding.ForLabels(complete, Batch.Labels, -100);
        return new BatchBuilder(complete).Build(null, name => name == Batch.Labels ? padding : paddingOf(name), Batch.Labels);
    }
}
