namespace Microsoft.ML.HfTrainer;

/// <summary>Ends trials early that promise nothing.</summary>
public interface ISearchPruner
{
    /// <summary>Whether a trial should end; asked after each of its evaluations during training.</summary>
    /// <param name="study">All trials so far.</param>
    /// <param name="running">The trial, with the objective after each of its evaluations.</param>
    bool ShouldPrune(SearchStudy study, TrialResult running);
}
