using Microsoft.ML.HfTrainer.Training.Search.Samplers;

namespace Microsoft.ML.HfTrainer;

/// <summary>Chooses each hyperparameter independently at random.</summary>
/// <param name="seed">The seed. Searches with the same seed choose the same values.</param>
public sealed class RandomSearchSampler(int seed = TrainingArguments.DefaultSeed) : ISearchSampler
{
    /// <inheritdoc/>
    public double Sample(SearchStudy study, TrialResult trial, string name, SearchDistribution distribution)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var random = new SearchRandom(seed, trial.Number, name);
        return distribution switch
        {
            SearchRange range => ScaledRange.Of(range).Draw(random),
            _ => random.NextInteger(distribution.Grid(1).Count),
        };
    }
}
