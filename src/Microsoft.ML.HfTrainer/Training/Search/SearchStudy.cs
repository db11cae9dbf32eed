using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer;

/// <summary>What a search has found so far. Where there is an output folder, it is kept in <c>search.jsonl</c> there, line by line.</summary>
public sealed class SearchStudy
{
    private readonly StudyFile? _file;
    private readonly List<TrialResult> _trials;

    private SearchStudy(SearchDirection direction, StudyFile? file, List<TrialResult> trials) => (Direction, _file, _trials) = (direction, file, trials);

    /// <summary>Which objective is better.</summary>
    public SearchDirection Direction { get; }

    /// <summary>The trials, in the order of their numbers.</summary>
    public IReadOnlyList<TrialResult> Trials => _trials;

    /// <summary>The complete trial with the best objective, the first of several; null: none is complete.</summary>
    public TrialResult? Best => _trials.Where(trial => trial.Status == TrialStatus.Complete).MinBy(trial => Loss(trial.Objective!.Value));

    /// <summary>An objective as a number of which the lower is better.</summary>
    public double Loss(double objective) => Direction == SearchDirection.Minimize ? objective : -objective;

    /// <summary>Goes on with the study of a folder, or begins one.</summary>
    /// <param name="folder">The folder; null: nothing is written.</param>
    /// <param name="direction">Which objective is better.</param>
    /// <exception cref="ArgumentException">The study in the folder goes in the other direction.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal static SearchStudy Open(string? folder, SearchDirection direction)
    {
        if (folder is null)
            return new SearchStudy(direction, null, []);
        var file = new StudyFile(Path.Combine(folder, StudyFile.Name));
        return new SearchStudy(direction, file, file.Read(direction));
    }

    /// <summary>The trial of a number: one that is finished as it is, one that was broken off begun again, else a new one.</summary>
    internal TrialResult Begin(int number)
    {
        if (number == _trials.Count)
            _trials.Add(new TrialResult(number));
        var trial = _trials[number];
        if (trial.Status != TrialStatus.Running)
            return trial;
        trial.Begun();
        _file?.Began(trial);
        return trial;
    }

    internal void Chose(TrialResult trial, string name, SearchDistribution distribution, object? value)
    {
        trial.Chose(name, distribution, value);
        _file?.Chose(trial, name, distribution, value);
    }

    internal void Report(TrialResult trial, int step, double objective)
    {
        trial.Reported(step, objective);
        _file?.Reported(trial, step, objective);
    }

    internal void End(TrialResult trial, TrialStatus status, double? objective = null, string? error = null)
    {
        trial.Ended(status, objective, error);
        _file?.Ended(trial);
    }
}
