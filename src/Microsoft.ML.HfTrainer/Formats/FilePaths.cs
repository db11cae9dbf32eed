namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>What differs among the paths of operating systems.</summary>
internal static class FilePaths
{
    // Windows takes both in its own paths; a backslash is an ordinary character elsewhere.
    private static readonly char[] _separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The user's home directory.</summary>
    public static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>Compares full paths as the file systems of Windows and macOS do, which do not distinguish case, or as those of Linux do.</summary>
    public static StringComparer Comparer => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Replaces a leading <c>~</c> by the user's home directory, as a shell does; any other path is returned as it is.</summary>
    public static string FromHome(string path) =>
        path == "~" ? Home
        : path.StartsWith('~') && _separators.Contains(path[1]) ? Path.GetFullPath(path[1..].TrimStart(_separators), Home)
        : path;

    /// <summary>The last part of a path that may have been written on another system, as a checkpoint has it that was moved.</summary>
    public static string NameOf(string path) => path.TrimEnd('/', '\\').Split('/', '\\')[^1];
}
