namespace Microsoft.ML.HfTrainer;

/// <summary>Never ends a trial early.</summary>
public sealed class NoPruner : ISearchPruner
{
    /// <inheritdoc/>
    public bool ShouldPrune(SearchStudy study, TrialResult running) => false;
}
