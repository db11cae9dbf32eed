namespace Microsoft.ML.HfTrainer.Training.Search;

/// <summary>Tells a study how a trial does, and ends a trial that the pruner finds hopeless.</summary>
internal sealed class TrialCallback(SearchStudy study, TrialResult trial, Func<IReadOnlyDictionary<string, double>, double> worth, ISearchPruner pruner)
    : ITrainerCallback
{
    private readonly LogRecord _metrics = [];
    private int _step = -1;
    private int _sets;

    /// <summary>The objective after the last evaluation; null: there was none.</summary>
    public double? Objective { get; private set; }

    /// <summary>Whether the pruner ended the trial.</summary>
    public bool IsPruned { get; private set; }

    /// <summary>Whether the trial, if it ends as it stands, is better than all before it.</summary>
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

    // Several evaluation sets make one evaluation.
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
