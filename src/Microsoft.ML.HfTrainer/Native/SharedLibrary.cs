using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>Loads a native library whose dependencies may lie in other folders than its own.</summary>
internal static class SharedLibrary
{
    /// <summary>
    /// Loads <paramref name="path"/>, and before it what the system's loader says is missing, from <paramref name="folders"/>. The loader takes a library
    /// that is already in the process for a dependency of that name, wherever it came from.
    /// </summary>
    /// <exception cref="DllNotFoundException">It does not load; the loader's reason is the message.</exception>
    public static nint Load(string path, IReadOnlyList<string> folders) => Load(path, folders, [Path.GetFileName(path)]);

    private static nint Load(string path, IReadOnlyList<string> folders, HashSet<string> tried)
    {
        while (true)
        {
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (DllNotFoundException failure) when (Missing(failure.Message, folders, tried) is { } dependency)
            {
                Load(dependency, folders, tried);
            }
        }
    }

    // The loader names the file in words of the user's language: "libtorch_cpu.so: cannot open shared object file".
    private static string? Missing(string message, IReadOnlyList<string> folders, HashSet<string> tried)
    {
        foreach (var word in message.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!word.EndsWith(':') || word[..^1] is not { Length: > 0 } name || name.Contains('/') || tried.Contains(name))
                continue;
            if (folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is not { } file)
                continue;
            tried.Add(name);
            return file;
        }
        return null;
    }
}
