namespace Microsoft.ML.HfTrainer;

/// <summary>Chooses what a search tries next.</summary>
public interface ISearchSampler
{
    /// <summary>Whether there is anything left to try.</summary>
    bool HasMore(SearchStudy study) => true;

    /// <summary>Chooses a value for a parameter.</summary>
    /// <param name="study">All trials so far.</param>
    /// <param name="trial">The trial that it is for, with what was chosen for it before.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="distribution">What it may be.</param>
    /// <returns>The value, as the distribution numbers it.</returns>
    double Sample(SearchStudy study, TrialResult trial, string name, SearchDistribution distribution);
}
