namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// Renames, replaces and deletes files and folders. Windows refuses that while any program has a file open, and virus scanners and indexers open a new file for a
/// moment; it is therefore tried again there, for about two seconds.
/// </summary>
internal static class FileMoves
{
    // Windows' error codes: access denied, sharing violation, lock violation, folder not empty (a deleted file in it is still open).
    private const int AccessDenied = 5, Sharing = 32, Locked = 33, NotEmpty = 145, Win32 = unchecked((int)0x80070000);

    private static readonly TimeSpan[] _delays = [.. new[] { 10, 20, 50, 100, 200, 400, 600, 600 }.Select(delay => TimeSpan.FromMilliseconds(delay))];

    /// <summary>Renames a file; one that has the name already is replaced.</summary>
    public static void Replace(string from, string to) => Patiently(() => File.Move(from, to, overwrite: true), Thread.Sleep);

    /// <summary>Renames a folder.</summary>
    public static void Folder(string from, string to) => Patiently(() => Directory.Move(from, to), Thread.Sleep);

    /// <summary>Deletes a folder and all in it, if it is there.</summary>
    public static void DeleteFolder(string folder) => Patiently(() =>
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }, Thread.Sleep);

    /// <summary>Tries again, after longer and longer waits, where another program was in the way.</summary>
    internal static void Patiently(Action action, Action<TimeSpan> wait)
    {
        foreach (var delay in _delays)
        {
            try
            {
                action();
                return;
            }
            catch (Exception failure) when (IsInUse(failure))
            {
            }
            wait(delay);
        }
        action();
    }

    // Elsewhere an open file is in nobody's way, and the codes mean other things.
    private static bool IsInUse(Exception failure) => OperatingSystem.IsWindows()
        && failure is IOException or UnauthorizedAccessException
        && failure.HResult is (Win32 | AccessDenied) or (Win32 | Sharing) or (Win32 | Locked) or (Win32 | NotEmpty);
}
