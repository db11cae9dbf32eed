namespace Microsoft.ML.HfTrainer.Generation.Criteria;

/// <summary>Ends a sequence after one of some tokens.</summary>
internal sealed class EndOfSequence(IReadOnlyList<int> tokens) : StoppingCriterion
{
    private readonly HashSet<int> _tokens = [.. tokens];

    public override bool IsFinished(ReadOnlySpan<int> ids) => _tokens.Contains(ids[^1]);
}
