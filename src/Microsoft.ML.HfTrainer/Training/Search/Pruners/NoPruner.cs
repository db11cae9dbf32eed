namespace Microsoft.ML.HfTrainer;

/// <summary>Lets every trial be trained to its end.</summary>
public sealed class NoPruner : ISearchPruner
{
    /// <inheritdoc/>
    public bool ShouldPrune(SearchStudy study, TrialResult running) => false;
}
