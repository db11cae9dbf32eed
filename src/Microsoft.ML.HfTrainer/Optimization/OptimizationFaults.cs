namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>Finds invalid settings of the optimizer, the schedule and the parameter groups, as far as this is possible without a model.</summary>
internal static class OptimizationFaults
{
    /// <summary>Returns the faults, each with the name of the property at fault.</summary>
    public static IEnumerable<(string Message, string? Name)> Of(OptimizerSettings optimizer, ScheduleSettings schedule)
    {
        foreach (var (name, check) in new (string, Action)[]
        {
            (nameof(OptimizerSettings.Optim), () => Optimizers.Check(optimizer)),
            (nameof(ScheduleSettings.LrSchedulerType), () => LearningRateSchedules.Check(schedule)),
            (nameof(OptimizerSettings.ParameterGroups), () => DecayGroups.Check(optimizer.ParameterGroups)),
        })
            if (Fault(check) is { } fault)
                yield return (fault, name);
    }

    private static string? Fault(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ArgumentException failure)
        {
            // .NET appends the parameter's name to the message; the list of faults has names of its own.
            return failure.Message.Replace($" (Parameter '{failure.ParamName}')", "");
        }
    }
}
