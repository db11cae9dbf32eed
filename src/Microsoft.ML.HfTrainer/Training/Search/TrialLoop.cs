using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training.Search;

/// <summary>Runs the trials of a search one after another and records each in the study.</summary>
internal sealed class TrialLoop(TrainingArguments arguments, HyperparameterSearchOptions options, ILogger logger)
{
    private readonly SearchSpace _space = options.Space ?? SearchSpace.Default;
    private readonly ISearchSampler _sampler = options.Sampler ?? new TpeSearchSampler(arguments.Seed ?? TrainingArguments.DefaultSeed);
    private readonly ISearchPruner _pruner = options.Pruner ?? new MedianPruner();
    private readonly Func<IReadOnlyDictionary<string, double>, double> _objective = options.Objective ?? SearchObjective.Default;

    /// <summary>Runs the remaining trials.</summary>
    /// <param name="train">Trains and evaluates a trial, with the given callback added to its trainer.</param>
    public BestRun Run(Action<Trial, TrialCallback> train)
    {
        if (options.Trials < 1)
            throw new ArgumentException($"HyperparameterSearchOptions.Trials is {options.Trials}; it should be at least 1.");
        var study = SearchStudy.Open(arguments.OutputDir, options.Direction);
        for (var number = 0; number < options.Trials && (number < study.Trials.Count || _sampler.HasMore(study)); number++)
            if (study.Begin(number) is { Status: TrialStatus.Running } result)
                RunTrial(study, result, train);
        return study.Best is { } best
            ? new BestRun(best.Number.ToString(CultureInfo.InvariantCulture), best.Objective!.Value, best.Parameters, study)
            : throw new InvalidOperationException(NoneComplete(study));
    }

    /// <summary>Creates a trial that is to be trained, with an empty folder.</summary>
    public Trial Prepare(SearchStudy study, TrialResult result)
    {
        // The files of an interrupted trial would be mistaken for those of the new one.
        if (FolderOf(result) is { } folder && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Recall(study, result);
    }

    /// <summary>Creates a trial with its hyperparameters; those that it chose before an interruption are kept.</summary>
    public Trial Recall(SearchStudy study, TrialResult result)
    {
        var own = arguments.Clone();
        // The study says which trials are resumed; each is trained from its beginning.
        (own.OutputDir, own.ResumeFromCheckpoint) = (FolderOf(result), null);
        if (arguments.LoggingDir is { } logs)
            own.LoggingDir = Path.Combine(logs, result.Name);
        var trial = new Trial(result.Number, own, (name, distribution) => Choose(study, result, name, distribution));
        _space.Apply(trial);
        return trial;
    }

    /// <summary>Returns how messages name a trial.</summary>
    public static string Title(TrialResult trial) => $"Trial {trial.Number + 1} ({trial.Name}, {Describe(trial.Parameters)})";

    private void RunTrial(SearchStudy study, TrialResult result, Action<Trial, TrialCallback> train)
    {
        arguments.CancellationToken.ThrowIfCancellationRequested();
        var trial = Prepare(study, result);
        logger.Info($"Trial {result.Number + 1} of {options.Trials}: {Describe(trial.Parameters)}.");
        var watch = new TrialCallback(study, result, _objective, _pruner);
        try
        {
            train(trial, watch);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Fail(study, result, failure.Message);
            return;
        }
        if (watch.Objective is not { } objective)
            Fail(study, result, "It was not evaluated.");
        else if (double.IsNaN(objective))
            Fail(study, result, "Its objective is not a number.");
        else
            End(study, result, watch.IsPruned ? TrialStatus.Pruned : TrialStatus.Complete, objective);
    }

    private object? Choose(SearchStudy study, TrialResult result, string name, SearchDistribution distribution)
    {
        if (result.Parameters.TryGetValue(name, out var before) && distribution.NumberOf(before) is { } same)
            return distribution.ValueOf(same);
        var value = distribution.ValueOf(_sampler.Sample(study, result, name, distribution));
        study.Chose(result, name, distribution, value);
        return value;
    }

    private string? FolderOf(TrialResult result) => arguments.OutputDir is { } folder ? Path.Combine(folder, result.Name) : null;

    private void End(SearchStudy study, TrialResult result, TrialStatus status, double objective)
    {
        study.End(result, status, objective);
        var best = study.Best is { } leader ? FormattableString.Invariant($"; the best so far is trial {leader.Number + 1} with {leader.Objective:G5}") : "";
        var how = status == TrialStatus.Pruned ? "was pruned" : "ended";
        logger.Info(FormattableString.Invariant($"Trial {result.Number + 1} ({result.Name}) {how} with the objective {objective:G5}{best}."));
    }

    private void Fail(SearchStudy study, TrialResult result, string error)
    {
        study.End(result, TrialStatus.Failed, error: error);
        logger.Warning($"{Title(result)} failed: {error}");
    }

    private static string NoneComplete(SearchStudy study)
    {
        var (failed, pruned) = (study.Trials.Where(t => t.Status == TrialStatus.Failed).ToList(), study.Trials.Count(t => t.Status == TrialStatus.Pruned));
        var first = failed is [var trial, ..] ? $" {Title(trial)} failed: {trial.Error}" : "";
        return $"The search has no complete trial: of {study.Trials.Count}, {failed.Count} failed and {pruned} were pruned.{first}";
    }

    private static string Describe(IReadOnlyDictionary<string, object?> parameters) =>
        string.Join(", ", parameters.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} {p.Value ?? "null"}")));
}
