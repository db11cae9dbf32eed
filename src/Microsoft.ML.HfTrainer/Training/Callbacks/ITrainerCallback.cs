namespace Microsoft.ML.HfTrainer;

/// <summary>The run, as passed to callbacks.</summary>
/// <param name="Trainer">The trainer, with its model, datasets, optimizer and schedule.</param>
/// <param name="Arguments">The training arguments.</param>
/// <param name="State">The state of the run.</param>
/// <param name="Control">The flags by which a callback asks the training loop to log, evaluate, save or stop.</param>
public sealed record CallbackContext(Trainer Trainer, TrainingArguments Arguments, TrainerState State, TrainerControl Control);

/// <summary>Receives the events of a run and controls it through <see cref="CallbackContext.Control"/>. All methods do nothing by default.</summary>
/// <remarks>
/// <code>
/// OnInitEnd                              when the trainer is created
/// OnTrainBegin
/// for each epoch
///   OnEpochBegin
///   for each update
///     OnStepBegin
///     for each micro-batch but the last: forward, backward, OnSubstepEnd
///     the last micro-batch: forward, backward, clip
///     OnPreOptimizerStep, optimizer step, OnOptimizerStep, schedule step
///     OnStepEnd
///     if ShouldLog:      OnLog
///     if ShouldEvaluate: OnPredictionStep for each batch, OnLog, OnEvaluate
///     if ShouldSave:     OnSave
///   OnEpochEnd, then log, evaluate and save as above
/// OnLog                                  the run's own metrics
/// OnTrainEnd
/// </code>
/// </remarks>
public interface ITrainerCallback
{
    /// <summary>Called when the trainer was created.</summary>
    void OnInitEnd(CallbackContext context) { }

    /// <summary>Called when training begins.</summary>
    void OnTrainBegin(CallbackContext context) { }

    /// <summary>Called when training has ended, after the best weights were loaded.</summary>
    void OnTrainEnd(CallbackContext context) { }

    /// <summary>Called when an epoch begins.</summary>
    void OnEpochBegin(CallbackContext context) { }

    /// <summary>Called when an epoch has ended.</summary>
    void OnEpochEnd(CallbackContext context) { }

    /// <summary>Called before the first micro-batch of an update.</summary>
    void OnStepBegin(CallbackContext context) { }

    /// <summary>Called after gradient clipping, before the optimizer step.</summary>
    void OnPreOptimizerStep(CallbackContext context) { }

    /// <summary>Called after the optimizer step, before the gradients are released.</summary>
    void OnOptimizerStep(CallbackContext context) { }

    /// <summary>Called after each micro-batch except the last one of an update.</summary>
    void OnSubstepEnd(CallbackContext context) { }

    /// <summary>Called after an update.</summary>
    void OnStepEnd(CallbackContext context) { }

    /// <summary>Called after an evaluation, with its metrics.</summary>
    void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics) { }

    /// <summary>Called after a prediction, with its metrics.</summary>
    void OnPredict(CallbackContext context, IReadOnlyDictionary<string, double> metrics) { }

    /// <summary>Called after a checkpoint was written.</summary>
    void OnSave(CallbackContext context) { }

    /// <summary>Called when values are logged.</summary>
    void OnLog(CallbackContext context, LogRecord logs) { }

    /// <summary>Called after each batch of an evaluation or prediction.</summary>
    void OnPredictionStep(CallbackContext context) { }
}
