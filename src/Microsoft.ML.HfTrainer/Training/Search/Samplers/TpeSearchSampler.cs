using Microsoft.ML.HfTrainer.Training.Search.Samplers;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl, Algorithms for Hyper-Parameter Optimization, 2011), with the settings of
/// Optuna: the best tenth of the trials, at most 25, defines one density for each parameter, the others a second one; of some candidates drawn from the first, the one with the
/// highest ratio of the two densities is tried next. Parameters are chosen independently.
/// </summary>
/// <remarks>Pruned trials rank behind completed ones; failed trials are ignored.</remarks>
/// <param name="seed">The seed. Searches with the same seed choose the same values.</param>
/// <param name="startupTrials">The number of trials chosen at random in the beginning. Default: 10.</param>
/// <param name="candidates">The number of candidates for each parameter. Default: 24.</param>
public sealed class TpeSearchSampler(int seed = TrainingArguments.DefaultSeed, int startupTrials = 10, int candidates = 24) : ISearchSampler
{
    private const double GoodShare = 0.1;
    private const int MostGood = 25;

    private readonly RandomSearchSampler _startup = new(seed);

    /// <inheritdoc/>
    public double Sample(SearchStudy study, TrialResult trial, string name, SearchDistribution distribution)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(trial);
        var ranked = Rank(study);
        if (ranked.Count < startupTrials)
            return _startup.Sample(study, trial, name, distribution);
        var count = Math.Min((int)Math.Ceiling(GoodShare * ranked.Count), MostGood);
        var good = Density(ranked.Take(count), name, distribution);
        var others = Density(ranked.Skip(count), name, distribution);
        var random = new SearchRandom(seed, trial.Number, name);
        return Enumerable.Range(0, candidates).Select(_ => good.Draw(random)).MaxBy(number => Math.Log(good.At(number)) - Math.Log(others.At(number)));
    }

    // Best first: completed trials by their objective, then pruned ones, the longer running first.
    private static List<TrialResult> Rank(SearchStudy study) =>
    [
        .. study.Trials.Where(t => t.Status == TrialStatus.Complete).OrderBy(t => study.Loss(t.Objective!.Value)),
        .. study.Trials.Where(t => t is { Status: TrialStatus.Pruned, Reports.Count: > 0 }).OrderByDescending(t => t.Reports[^1].Step)
            .ThenBy(t => study.Loss(t.Reports[^1].Objective)),
    ];

    private static IParzenDensity Density(IEnumerable<TrialResult> trials, string name, SearchDistribution distribution)
    {
        // Oldest first, since of many trials the older ones weigh less.
        double[] numbers =
        [
            .. trials.OrderBy(t => t.Number).Where(t => t.Parameters.ContainsKey(name)).Select(t => distribution.NumberOf(t.Parameters[name])).OfType<double>(),
        ];
        return distribution is SearchRange range ? new RangeDensity(ScaledRange.Of(range), numbers) : new ChoiceDensity(distribution.Grid(1).Count, numbers);
    }
}
