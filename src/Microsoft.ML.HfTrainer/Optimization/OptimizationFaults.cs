namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>What is wrong with the settings of optimizer, schedule and parameter groups, as far as it can be told without a model.</summary>
internal static class OptimizationFaults
{
    private static readonly (string Name, Action<TrainingArguments> Check)[] _checks =
    [
        (nameof(TrainingArguments.Optim), Optimizers.Check),
        (nameof(TrainingArguments.LrSchedulerType), LearningRateSchedules.Check),
        (nameof(TrainingArguments.ParameterGroups), DecayGroups.Check),
    ];

    /// <summary>The faults, each with the property at fault.</summary>
    public static IEnumerable<(string Message, string? Name)> Of(TrainingArguments arguments)
    {
        foreach (var (name, check) in _checks)
            if (Fault(arguments, check) is { } fault)
                yield return (fault, name);
    }

    private static string? Fault(TrainingArguments arguments, Action<TrainingArguments> check)
    {
        try
        {
            check(arguments);
            return null;
        }
        catch (ArgumentException failure)
        {
            // The framework adds the parameter to the text; the list of faults has names of its own.
            return failure.Message.Replace($" (Parameter '{failure.ParamName}')", "");
        }
    }
}
