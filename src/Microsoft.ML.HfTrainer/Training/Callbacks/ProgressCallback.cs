namespace Microsoft.ML.HfTrainer;

/// <summary>Placeholder.</summary>
public sealed class ProgressCallback : ITrainerCallback
{
    internal static ITrainerCallback For(TrainingArguments args) => new ProgressCallback();
}
