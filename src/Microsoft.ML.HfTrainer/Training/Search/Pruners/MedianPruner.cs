namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Ends a trial whose best objective so far is worse than the median of the objectives of the completed trials after as many updates.
/// </summary>
/// <param name="startupTrials">The number of completed trials before any trial is ended early. Default: 5.</param>
/// <param name="warmupSteps">The number of updates before a trial can be ended. Default: 0.</param>
public sealed class MedianPruner(int startupTrials = 5, int warmupSteps = 0) : ISearchPruner
{
    /// <inheritdoc/>
    public bool ShouldPrune(SearchStudy study, TrialResult running)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(running);
        var complete = study.Trials.Where(trial => trial.Status == TrialStatus.Complete).ToList();
        if (complete.Count == 0 || complete.Count < startupTrials || running.Reports is not [.., var latest] || latest.Step < warmupSteps)
            return false;
        double[] others = [.. Losses(study, complete.SelectMany(trial => trial.Reports).Where(report => report.Step == latest.Step)).Order()];
        if (others.Length == 0)
            return false;
        double[] own = [.. Losses(study, running.Reports)];
        return own.Length == 0 || own.Min() > Median(others);
    }

    private static IEnumerable<double> Losses(SearchStudy study, IEnumerable<(int Step, double Objective)> reports) =>
        reports.Select(report => study.Loss(report.Objective)).Where(loss => !double.IsNaN(loss));

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
