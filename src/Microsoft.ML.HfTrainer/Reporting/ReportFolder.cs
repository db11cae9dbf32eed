using System.Globalization;
using System.Net;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>Where reporters write.</summary>
internal static class ReportFolder
{
    /// <summary>
    /// The folder of event files: the setting, else one in <c>runs</c> of the output folder that is named by time and machine, so that each run stands
    /// beside the others in TensorBoard.
    /// </summary>
    public static string OfTensorBoard(TrainingArguments arguments) => arguments.LoggingDir is { } folder
        ? FromHome(folder)
        : Path.Combine(OutputOf(arguments, "tensorboard", $" or {nameof(TrainingArguments.LoggingDir)}"), "runs",
            $"{DateTime.Now.ToString("MMMdd_HH-mm-ss", CultureInfo.InvariantCulture)}_{Dns.GetHostName()}");

    /// <summary>The log as a file of the output folder.</summary>
    public static string OfLog(TrainingArguments arguments, string kind) => Path.Combine(OutputOf(arguments, kind, ""), $"log.{kind}");

    private static string OutputOf(TrainingArguments arguments, string reporter, string others) => arguments.OutputDir ?? throw new ArgumentException(
        $"TrainingArguments.ReportTo has '{reporter}', which writes into a folder, and there is none: set OutputDir{others}.",
        nameof(TrainingArguments.ReportTo));

    private static string FromHome(string folder) => folder == "~" || folder.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder[1..])
        : folder;
}
