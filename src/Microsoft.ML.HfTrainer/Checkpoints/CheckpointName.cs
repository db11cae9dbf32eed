using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>
/// Names of folders: <c>checkpoint-8</c> is a whole checkpoint, <c>.checkpoint-8.STATE</c> beside it one that is being written, replaced or deleted. The original,
/// which takes all that begins with <c>checkpoint-</c> for a checkpoint, passes over the latter.
/// </summary>
internal static partial class CheckpointName
{
    /// <summary>The states in which a folder is no checkpoint.</summary>
    public const string Unfinished = "unfinished", Replaced = "replaced", Discarded = "discarded";

    public static string Of(int step) => string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step}");

    /// <summary>The folder beside a checkpoint for another state of it.</summary>
    public static string Beside(string checkpoint, string state) => Path.Combine(Path.GetDirectoryName(checkpoint)!, $".{Path.GetFileName(checkpoint)}.{state}");

    /// <summary>The updates after which a checkpoint was written; null where the folder is none.</summary>
    public static int? StepOf(string folder) =>
        Whole().Match(Path.GetFileName(folder)) is { Success: true } match && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var step) ? step : null;

    /// <summary>The checkpoints that have folders in other states, in a folder of checkpoints.</summary>
    public static IReadOnlyList<string> Interrupted(string folder) =>
    [
        .. Directory.EnumerateDirectories(folder, ".checkpoint-*").Select(path => Other().Match(Path.GetFileName(path))).Where(match => match.Success)
            .Select(match => Path.Combine(folder, match.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"^checkpoint-(\d+)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\.(checkpoint-\d+)\.(unfinished|replaced|discarded)\z")]
    private static partial Regex Other();
}
