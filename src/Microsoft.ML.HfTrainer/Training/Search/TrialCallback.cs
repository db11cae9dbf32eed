namespace Microsoft.ML.HfTrainer.Training.Search;

/// <summary>Reports the evaluations of a trial to the study, and ends the trial if the pruner decides so.</summary>
internal sealed class TrialCallback(SearchStudy study, TrialResult trial, Func<IReadOnlyDictionary<string, double>, double> worth, ISearchPruner pruner)
    : ITrainerCallback
{
    private readonly LogRecord _metrics = [];
    private int _step = -1;
    private int _sets;

    /// <summary>The objective after the last evaluation; null if there was none.</summary>
    public double? Objective { get; private set; }

    /// <summary>Indicates whether the pruner ended the trial.</summary>
    public bool IsPruned { get; private set; }

    /// <summary>Indicates whether the trial, if it ended now, would be better than all earlier ones.</summary>
    public bool IsBest => !IsPruned && Objective is { } objective && !double.IsNaN(objective)
        && (study.Best is not { Objective: { } best } || study.Loss(objective) < study.Loss(best));

    public void OnTrainBegin(CallbackContext context) => (context.State.TrialName, context.State.TrialParams) = (trial.Name, trial.Parameters);

    public void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics)
    {
        if (!Joined(context, metrics))
            return;
        var value = worth(_metrics);
        Objective = value;
        study.Report(trial, context.State.GlobalStep, value);
        if (!pruner.ShouldPrune(study, trial))
            return;
        IsPruned = true;
        context.Control.ShouldTrainingStop = true;
    }

    // The metrics of several evaluation sets form one evaluation.
    private bool Joined(CallbackContext context, IReadOnlyDictionary<string, double> metrics)
    {
        if (_step != context.State.GlobalStep || _sets == SetsOf(context))
        {
            _metrics.Clear();
            (_step, _sets) = (context.State.GlobalStep, 0);
        }
        foreach (var (name, value) in metrics)
            _metrics[name] = value;
        return ++_sets == SetsOf(context);
    }

    private static int SetsOf(CallbackContext context) => context.Trainer.EvalDatasets?.Count ?? 1;
}
