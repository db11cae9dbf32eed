namespace Microsoft.ML.HfTrainer;

/// <summary>What a callback sees of the run.</summary>
/// <param name="Trainer">The trainer: model, datasets, optimizer and schedule.</param>
/// <param name="Arguments">The settings.</param>
/// <param name="State">Where the run stands.</param>
/// <param name="Control">What the loop is asked to do.</param>
public sealed record CallbackContext(Trainer Trainer, TrainingArguments Arguments, TrainerState State, TrainerControl Control);

/// <summary>Watches a run and steers it through <see cref="CallbackContext.Control"/>.</summary>
/// <remarks>
/// <code>
/// OnInitEnd                              when the trainer is made
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
    /// <summary>The trainer was made.</summary>
    void OnInitEnd(CallbackContext context) { }

    /// <summary>Training begins.</summary>
    void OnTrainBegin(CallbackContext context) { }

    /// <summary>Training ended; the best weights are loaded.</summary>
    void OnTrainEnd(CallbackContext context) { }

    /// <summary>An epoch begins.</summary>
    void OnEpochBegin(CallbackContext context) { }

    /// <summary>An epoch ended.</summary>
    void OnEpochEnd(CallbackContext context) { }

    /// <summary>The first micro-batch of an update comes next.</summary>
    void OnStepBegin(CallbackContext context) { }

    /// <summary>Gradients are clipped; the optimizer steps next.</summary>
    void OnPreOptimizerStep(CallbackContext context) { }

    /// <summary>The optimizer stepped; gradients are still there.</summary>
    void OnOptimizerStep(CallbackContext context) { }

    /// <summary>A micro-batch ended that is not the last of its update.</summary>
    void OnSubstepEnd(CallbackContext context) { }

    /// <summary>An update ended.</summary>
    void OnStepEnd(CallbackContext context) { }

    /// <summary>An evaluation ended.</summary>
    void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics) { }

    /// <summary>A prediction ended.</summary>
    void OnPredict(CallbackContext context, IReadOnlyDictionary<string, double> metrics) { }

    /// <summary>A checkpoint was written.</summary>
    void OnSave(CallbackContext context) { }

    /// <summary>Values were logged.</summary>
    void OnLog(CallbackContext context, LogRecord logs) { }

    /// <summary>A batch of an evaluation or prediction ended.</summary>
    void OnPredictionStep(CallbackContext context) { }
}
