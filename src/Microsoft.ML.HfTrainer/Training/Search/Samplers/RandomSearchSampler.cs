using Microsoft.ML.HfTrainer.Training.Search.Samplers;

namespace Microsoft.ML.HfTrainer;

/// <summary>Chooses at random, each parameter by itself.</summary>
/// <param name="seed">One seed gives one search.</param>
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
