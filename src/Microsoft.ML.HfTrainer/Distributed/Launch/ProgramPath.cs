namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>Where a program lies.</summary>
internal static class ProgramPath
{
    /// <summary>Returns whether a program is a name rather than a path.</summary>
    public static bool IsName(string program) => !program.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);

    /// <summary>Returns whether there is a program. Windows, which adds endings to names, answers when it starts it.</summary>
    public static bool Exists(string program) => OperatingSystem.IsWindows()
        || (IsName(program) ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)) : [program]).Any(File.Exists);
}
