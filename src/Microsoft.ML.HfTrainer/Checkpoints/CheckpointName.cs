using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>
/// The names of folders: <c>checkpoint-8</c> is a complete checkpoint, <c>.checkpoint-8.STATE</c> beside it one that is being written, replaced or deleted. The Hugging Face
/// Trainer, which takes every name that begins with <c>checkpoint-</c> for a checkpoint, ignores the latter.
/// </summary>
internal static partial class CheckpointName
{
    /// <summary>The states of a folder that is not a complete checkpoint.</summary>
    public const string Unfinished = "unfinished", Replaced = "replaced", Discarded = "discarded";

    public static string Of(int step) => string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step}");

    /// <summary>Returns the folder beside a checkpoint that holds it in another state.</summary>
    public static string Beside(string checkpoint, string state) => Path.Combine(Path.GetDirectoryName(checkpoint)!, $".{Path.GetFileName(checkpoint)}.{state}");

    /// <summary>Returns the number of updates in the name of a checkpoint; null if the folder is not a checkpoint.</summary>
    public static int? StepOf(string folder) =>
        Whole().Match(Path.GetFileName(folder)) is { Success: true } match && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var step) ? step : null;

    /// <summary>Returns the checkpoints of a folder that have folders in other states.</summary>
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
