namespace Microsoft.ML.HfTrainer;

/// <summary>Chooses the hyperparameters of the trials of a search.</summary>
public interface ISearchSampler
{
    /// <summary>Returns whether there are combinations left to try.</summary>
    bool HasMore(SearchStudy study) => true;

    /// <summary>Chooses a value for a parameter.</summary>
    /// <param name="study">All trials so far.</param>
    /// <param name="trial">The trial, with the values chosen for it so far.</param>
    /// <param name="name">The name of the hyperparameter.</param>
    /// <param name="distribution">The distribution of its values.</param>
    /// <returns>The number of the value in the distribution; see <see cref="SearchDistribution"/>.</returns>
    double Sample(SearchStudy study, TrialResult trial, string name, SearchDistribution distribution);
}
