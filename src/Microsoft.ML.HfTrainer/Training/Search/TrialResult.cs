using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies the status of a trial.</summary>
public enum TrialStatus
{
    /// <summary>The trial is running, or was interrupted and will be run again.</summary>
    Running,

    /// <summary>The trial was trained to its end.</summary>
    Complete,

    /// <summary>The trial was ended early by the pruner.</summary>
    Pruned,

    /// <summary>The trial failed.</summary>
    Failed,
}

/// <summary>The result of a trial.</summary>
public sealed class TrialResult
{
    private readonly OrderedDictionary<string, object?> _parameters = [];
    private readonly OrderedDictionary<string, SearchDistribution> _distributions = [];
    private readonly List<(int Step, double Objective)> _reports = [];

    internal TrialResult(int number) => Number = number;

    /// <summary>Gets the number of the trial, from 0.</summary>
    public int Number { get; }

    /// <summary>Gets the name of the trial's folder in the output folder of the search.</summary>
    public string Name => NameOf(Number);

    /// <summary>Gets the status.</summary>
    public TrialStatus Status { get; private set; }

    /// <summary>Gets the objective after the last evaluation; null if there is none.</summary>
    public double? Objective { get; private set; }

    /// <summary>Gets the hyperparameters by name, in the order in which they were chosen.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => _parameters;

    /// <summary>Gets the distribution that each hyperparameter was chosen from.</summary>
    public IReadOnlyDictionary<string, SearchDistribution> Distributions => _distributions;

    /// <summary>Gets the objective of each evaluation during training, with the number of updates made before it.</summary>
    public IReadOnlyList<(int Step, double Objective)> Reports => _reports;

    /// <summary>Gets the error message; null unless the trial failed.</summary>
    public string? Error { get; private set; }

    internal static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"run-{number}");

    // The chosen values are kept; the evaluations are repeated.
    internal void Begun() => _reports.Clear();

    internal void Chose(string name, SearchDistribution distribution, object? value) => (_distributions[name], _parameters[name]) = (distribution, value);

    // An evaluation replaces an earlier one at the same step.
    internal void Reported(int step, double objective)
    {
        _reports.RemoveAll(report => report.Step == step);
        _reports.Add((step, objective));
    }

    internal void Ended(TrialStatus status, double? objective = null, string? error = null) => (Status, Objective, Error) = (status, objective, error);
}
