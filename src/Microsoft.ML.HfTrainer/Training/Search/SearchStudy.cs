using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer;

/// <summary>The results of a search so far. If there is an output folder, they are recorded in its file <c>search.jsonl</c>.</summary>
public sealed class SearchStudy
{
    private readonly StudyFile? _file;
    private readonly List<TrialResult> _trials;

    private SearchStudy(SearchDirection direction, StudyFile? file, List<TrialResult> trials) => (Direction, _file, _trials) = (direction, file, trials);

    /// <summary>Gets whether a lower or a higher objective is better.</summary>
    public SearchDirection Direction { get; }

    /// <summary>Gets the trials in the order of their numbers.</summary>
    public IReadOnlyList<TrialResult> Trials => _trials;

    /// <summary>Gets the completed trial with the best objective, the first one of equals; null if no trial is complete.</summary>
    public TrialResult? Best => _trials.Where(trial => trial.Status == TrialStatus.Complete).MinBy(trial => Loss(trial.Objective!.Value));

    /// <summary>Converts an objective to a number of which a lower value is better.</summary>
    public double Loss(double objective) => Direction == SearchDirection.Minimize ? objective : -objective;

    /// <summary>Opens the study of a folder, or creates one.</summary>
    /// <param name="folder">The folder; null to record nothing.</param>
    /// <param name="direction">Specifies which objective is better.</param>
    /// <exception cref="ArgumentException">The study in the folder has the other direction.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal static SearchStudy Open(string? folder, SearchDirection direction)
    {
        if (folder is null)
            return new SearchStudy(direction, null, []);
        var file = new StudyFile(Path.Combine(folder, StudyFile.Name));
        return new SearchStudy(direction, file, file.Read(direction));
    }

    /// <summary>Returns the trial with a number: a finished one as it is, an interrupted one restarted, or a new one.</summary>
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
