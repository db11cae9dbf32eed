namespace Microsoft.ML.HfTrainer;

/// <summary>Requests logs, evaluations and checkpoints at the intervals that the arguments specify. It is always the first callback.</summary>
public sealed class DefaultFlowCallback : ITrainerCallback
{
    /// <inheritdoc/>
    public void OnStepEnd(CallbackContext context)
    {
        var (args, state, control) = (context.Arguments, context.State, context.Control);
        var (step, last) = (state.GlobalStep, state.GlobalStep >= state.MaxSteps);
        if (step == 1 && args.LoggingFirstStep || args.LoggingStrategy == IntervalStrategy.Steps && Ends(state.LoggingSteps))
            control.ShouldLog = true;
        if (args.EvalStrategy == IntervalStrategy.Steps && (Ends(state.EvalSteps) || last) && args.EvalDelay <= step)
            control.ShouldEvaluate = true;
        if (args.SaveStrategy == SaveStrategy.Steps && (Ends(state.SaveSteps) || last))
            control.ShouldSave = true;
        if (last)
            control.ShouldTrainingStop = true;

        // A callback may set an interval of 0, which never ends.
        bool Ends(int interval) => interval > 0 && step % interval == 0;
    }

    /// <inheritdoc/>
    public void OnEpochEnd(CallbackContext context)
    {
        var (args, control) = (context.Arguments, context.Control);
        if (args.LoggingStrategy == IntervalStrategy.Epoch)
            control.ShouldLog = true;
        if (args.EvalStrategy == IntervalStrategy.Epoch && args.EvalDelay <= context.State.Epoch)
            control.ShouldEvaluate = true;
        if (args.SaveStrategy == SaveStrategy.Epoch)
            control.ShouldSave = true;
    }
}
