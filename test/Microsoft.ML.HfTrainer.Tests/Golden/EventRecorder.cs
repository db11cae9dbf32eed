namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Writes down every event of a run, and the control flags as they stand when it is called.</summary>
internal sealed class EventRecorder : ITrainerCallback
{
    public List<string> Events { get; } = [];

    /// <summary>The learning rates of each update's groups.</summary>
    public List<double[]> LearningRates { get; } = [];

    public static string Describe(string hook, int step, double epoch, string flags) => FormattableString.Invariant($"{hook} {step} {epoch:R} {flags}");

    public void OnInitEnd(CallbackContext context) => Note("on_init_end", context);

    public void OnTrainBegin(CallbackContext context) => Note("on_train_begin", context);

    public void OnTrainEnd(CallbackContext context) => Note("on_train_end", context);

    public void OnEpochBegin(CallbackContext context) => Note("on_epoch_begin", context);

    public void OnEpochEnd(CallbackContext context) => Note("on_epoch_end", context);

    public void OnStepBegin(CallbackContext context) => Note("on_step_begin", context);

    public void OnPreOptimizerStep(CallbackContext context)
    {
        Note("on_pre_optimizer_step", context);
        LearningRates.Add([.. context.Trainer.Optimizer!.Groups.Select(g => g.LearningRate)]);
    }

    public void OnOptimizerStep(CallbackContext context) => Note("on_optimizer_step", context);

    public void OnSubstepEnd(CallbackContext context) => Note("on_substep_end", context);

    public void OnStepEnd(CallbackContext context) => Note("on_step_end", context);

    public void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics) => Note("on_evaluate", context);

    public void OnPredict(CallbackContext context, IReadOnlyDictionary<string, double> metrics) => Note("on_predict", context);

    public void OnSave(CallbackContext context) => Note("on_save", context);

    public void OnLog(CallbackContext context, LogRecord logs) => Note("on_log", context);

    public void OnPredictionStep(CallbackContext context) => Note("on_prediction_step", context);

    private void Note(string hook, CallbackContext context)
    {
        var control = context.Control;
        var flags = (control.ShouldTrainingStop ? "T" : "") + (control.ShouldEpochStop ? "E" : "") + (control.ShouldSave ? "S" : "")
            + (control.ShouldEvaluate ? "V" : "") + (control.ShouldLog ? "L" : "");
        Events.Add(Describe(hook, context.State.GlobalStep, context.State.Epoch, flags));
    }
}
