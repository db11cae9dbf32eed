using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>
/// Names that come from the hub or its user and become names of files in the cache. The rules of every system hold on every system: a cache may lie on a
/// disk that another one reads.
/// </summary>
internal static partial class CacheNames
{
    /// <summary>The parts of a path that stays below the folder it is put in.</summary>
    /// <param name="path">The path, with <c>/</c> between its parts.</param>
    /// <param name="what">What it is the path of, for messages.</param>
    /// <exception cref="InvalidDataException">It is absolute, leads upwards, or has a part that some system reads as something else than a name.</exception>
    public static string[] Parts(string path, string what)
    {
        var parts = path.Split('/');
        foreach (var part in parts)
            if (Fault(part) is { } fault)
                throw new InvalidDataException($"The {what} {JsonText.Show(path)} cannot be a name in the cache: {fault}.");
        return parts;
    }

    /// <summary>Whether a text is the full hash of a commit.</summary>
    public static bool IsCommit(string text) => CommitForm().IsMatch(text);

    /// <summary>Whether a text can be the name of a file as it stands.</summary>
    public static bool IsPlain(string text) => text.Length <= 255 && !text.Contains('/') && Fault(text) is null;

    private static string? Fault(string part) => part switch
    {
        "" => "it is absolute, or a part of it is empty",
        "." or ".." => $"it has the part '{part}', which is no name",
        _ when part.AsSpan().ContainsAny("\\:<>\"|?*") || part.Any(char.IsControl) => "it has a character that is a separator or has a meaning of its own on some system",
        _ when part[^1] is '.' or ' ' => "a part of it ends with a dot or a space, which Windows leaves out",
        _ when DeviceForm().IsMatch(part) => "a part of it is the name of a device on Windows",
        _ => null,
    };

    [GeneratedRegex(@"\A[0-9a-f]{40}([0-9a-f]{24})?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CommitForm();

    [GeneratedRegex(@"\A(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\..*)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex DeviceForm();
}
