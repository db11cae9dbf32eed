using System.Globalization;
using System.Net;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>Determines the files and folders that reporters write to.</summary>
internal static class ReportFolder
{
    /// <summary>
    /// Returns the folder of TensorBoard's event files: <see cref="ReporterSettings.LoggingDir"/> if it is set, otherwise a subfolder of <c>runs</c> in the output folder,
    /// named by time and machine so that TensorBoard shows each run by itself.
    /// </summary>
    public static string OfTensorBoard(ReporterSettings settings) => settings.LoggingDir is { } folder
        ? FilePaths.FromHome(folder)
        : Path.Combine(OutputOf(settings, "tensorboard", $" or {nameof(ReporterSettings.LoggingDir)}"), "runs",
            $"{DateTime.Now.ToString("MMMdd_HH-mm-ss", CultureInfo.InvariantCulture)}_{Dns.GetHostName()}");

    /// <summary>Returns the path of a log file in the output folder.</summary>
    public static string OfLog(ReporterSettings settings, string kind) => Path.Combine(OutputOf(settings, kind, ""), $"log.{kind}");

    private static string OutputOf(ReporterSettings settings, string reporter, string others) => settings.OutputDir ?? throw new ArgumentException(
        $"TrainingArguments.ReportTo has '{reporter}', which writes into a folder, and there is none: set OutputDir{others}.",
        nameof(ReporterSettings.ReportTo));
}
