using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>
/// Decides which names from untrusted sources (a hub listing, a weight index, the archive of a saved model) may become names of files. The rules of every
/// operating system apply on every system, because a folder may be copied to another one or lie on a shared disk.
/// </summary>
internal static partial class FileNames
{
    private const int MaxLength = 255;

    /// <summary>Describes a safe name, for error messages.</summary>
    public const string Rule = "a plain name without separators, drive, '..', characters with a special meaning or names of Windows devices";

    /// <summary>Splits a relative path into its parts.</summary>
    /// <param name="path">The path, with <c>/</c> between its parts.</param>
    /// <param name="what">What the path names, for the error message.</param>
    /// <exception cref="InvalidDataException">The path is absolute, leaves its folder, or has a part that some system does not take as a plain name.</exception>
    public static string[] Parts(string path, string what)
    {
        var parts = path.Split('/');
        foreach (var part in parts)
            if (Fault(part) is { } fault)
                throw new InvalidDataException($"The {what} {JsonText.Show(path)} cannot be the name of a file: {fault}.");
        return parts;
    }

    /// <summary>Returns true if a name is a plain file name on every system.</summary>
    public static bool IsSafe(string name) => !name.Contains('/') && Fault(name) is null;

    private static string? Fault(string part) => part switch
    {
        "" => "it is absolute, or one of its parts is empty",
        "." or ".." => $"its part '{part}' is not a name",
        { Length: > MaxLength } => $"one of its parts is longer than {MaxLength} characters",
        _ when part.AsSpan().ContainsAny("\\:<>\"|?*") || part.Any(char.IsControl) => "it contains a character that is a separator or has a special meaning on some system",
        _ when part[^1] is '.' or ' ' => "one of its parts ends with a dot or a space, which Windows drops",
        _ when DeviceName().IsMatch(part) => "one of its parts is the name of a device on Windows",
        _ => null,
    };

    [GeneratedRegex(@"\A(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\..*)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex DeviceName();
}
