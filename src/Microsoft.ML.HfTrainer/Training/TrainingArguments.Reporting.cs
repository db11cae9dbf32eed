namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Returns the settings that <see cref="Reporters"/> creates reporters from.</summary>
    internal ReporterSettings ToReporterSettings() => new() { ReportTo = ReportTo, OutputDir = OutputDir, LoggingDir = LoggingDir, RunName = RunName };
}
