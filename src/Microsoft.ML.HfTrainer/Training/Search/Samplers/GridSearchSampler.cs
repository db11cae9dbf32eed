namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Tries every combination, varying the last parameter fastest. Choices and ranges with steps are enumerated; other ranges are divided into equidistant points. A parameter
/// that only some combinations have is enumerated within those.
/// </summary>
/// <param name="points">The number of points of a range without steps. Default: 5.</param>
public sealed class GridSearchSampler(int points = 5) : ISearchSampler
{
    private readonly int _points = points >= 1
        ? points
        : throw new ArgumentOutOfRangeException(nameof(points), points, "A grid needs at least one point of a range.");

    /// <inheritdoc/>
    public bool HasMore(SearchStudy study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return study.Trials.Count == 0 || PathAfter(study.Trials[^1]) is not null;
    }

    /// <inheritdoc/>
    public double Sample(SearchStudy study, TrialResult trial, string name, SearchDistribution distribution)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(distribution);
        var path = (trial.Number == 0 ? null : PathAfter(study.Trials[trial.Number - 1])) ?? [];
        var (position, grid) = (trial.Parameters.Count, distribution.Grid(_points));
        return grid[position < path.Count ? path[position] : 0];
    }

    // Like an odometer: the last parameter that can advances, and those after it start again.
    private List<int>? PathAfter(TrialResult trial)
    {
        var places = trial.Distributions.Select(d => (Grid: d.Value.Grid(_points), Number: d.Value.NumberOf(trial.Parameters[d.Key])))
            .Select(p => (Index: Nearest(p.Grid, p.Number), p.Grid.Count)).ToList();
        var turned = places.FindLastIndex(p => p.Index < p.Count - 1);
        return turned < 0 ? null : [.. places.Take(turned).Select(p => p.Index), places[turned].Index + 1];
    }

    private static int Nearest(IReadOnlyList<double> grid, double? number) =>
        number is { } value ? Enumerable.Range(0, grid.Count).MinBy(i => Math.Abs(grid[i] - value)) : 0;
}
