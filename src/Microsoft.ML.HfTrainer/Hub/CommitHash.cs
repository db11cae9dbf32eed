using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>Recognizes full commit hashes.</summary>
internal static partial class CommitHash
{
    /// <summary>Returns true if the text is a full commit hash: 40 or 64 hexadecimal digits.</summary>
    public static bool Matches(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"\A[0-9a-f]{40}([0-9a-f]{24})?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
