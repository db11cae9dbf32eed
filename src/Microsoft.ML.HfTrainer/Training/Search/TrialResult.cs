using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>How far a trial has come.</summary>
public enum TrialStatus
{
    /// <summary>It runs, or was broken off and will be run again.</summary>
    Running,

    /// <summary>It was trained to its end.</summary>
    Complete,

    /// <summary>It was ended early, because others were better.</summary>
    Pruned,

    /// <summary>It failed.</summary>
    Failed,
}

/// <summary>What a search knows of a trial.</summary>
public sealed class TrialResult
{
    private readonly OrderedDictionary<string, object?> _parameters = [];
    private readonly OrderedDictionary<string, SearchDistribution> _distributions = [];
    private readonly List<(int Step, double Objective)> _reports = [];

    internal TrialResult(int number) => Number = number;

    /// <summary>Its number, from 0.</summary>
    public int Number { get; }

    /// <summary>The name of its folder in the search's output folder.</summary>
    public string Name => NameOf(Number);

    /// <summary>How far it has come.</summary>
    public TrialStatus Status { get; private set; }

    /// <summary>The objective after its last evaluation; null where there is none.</summary>
    public double? Objective { get; private set; }

    /// <summary>What was chosen for it, by name, in the order of choice.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => _parameters;

    /// <summary>What each of the parameters could have been.</summary>
    public IReadOnlyDictionary<string, SearchDistribution> Distributions => _distributions;

    /// <summary>The objective after each evaluation during training, with the updates made until then.</summary>
    public IReadOnlyList<(int Step, double Objective)> Reports => _reports;

    /// <summary>Why it failed.</summary>
    public string? Error { get; private set; }

    internal static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"run-{number}");

    // What it has chosen stays; its evaluations are made anew.
    internal void Begun() => _reports.Clear();

    internal void Chose(string name, SearchDistribution distribution, object? value) => (_distributions[name], _parameters[name]) = (distribution, value);

    // An evaluation at a step where there was one counts in its place.
    internal void Reported(int step, double objective)
    {
        _reports.RemoveAll(report => report.Step == step);
        _reports.Add((step, objective));
    }

    internal void Ended(TrialStatus status, double? objective = null, string? error = null) => (Status, Objective, Error) = (status, objective, error);
}
