namespace Microsoft.ML.HfTrainer;

/// <summary>Ends unpromising trials early.</summary>
public interface ISearchPruner
{
    /// <summary>Returns whether a trial should end. Called after each of its evaluations during training.</summary>
    /// <param name="study">All trials so far.</param>
    /// <param name="running">The trial, with the objective of each of its evaluations.</param>
    bool ShouldPrune(SearchStudy study, TrialResult running);
}
