using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// Says why a library of libtorch's does not load on Windows, whose loader names neither the library nor the function that it missed: the libraries that
/// it needs, and those that they need, are looked for where the loader looks, and what each imports is compared with what the other exports.
/// </summary>
/// <param name="folders">The folders in which the loader looks beside that of the library, in order, and what each is, such as <c>on PATH</c>.</param>
/// <param name="system">The folder of Windows' own libraries.</param>
/// <param name="loaded">The files of the libraries that are in the process already, which the loader takes wherever they lie.</param>
internal sealed class WindowsDependencies(IReadOnlyList<(string Folder, string Place)> folders, string system, IReadOnlyList<string> loaded)
{
    private static readonly string[] _runtime = ["msvcp140", "vcruntime140", "concrt140", "vcomp140"];

    /// <summary>Those of this process.</summary>
    public static WindowsDependencies OfProcess()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new([(AppContext.BaseDirectory, "beside the application"), .. path.Select(folder => (folder, "in a folder of PATH"))], Environment.SystemDirectory,
            [.. process.Modules.Cast<System.Diagnostics.ProcessModule>().Select(module => module.FileName)]);
    }

    /// <summary>What the libraries that were found lack, as sentences for an error message; empty where nothing is missing.</summary>
    /// <param name="files">The libraries that should load, such as <c>LibTorchSharp.dll</c>.</param>
    public string Explain(params IEnumerable<string> files)
    {
        var (open, seen, missing, faults) = (new Queue<string>(files), new HashSet<string>(StringComparer.OrdinalIgnoreCase), new SortedSet<string>(StringComparer.OrdinalIgnoreCase), new List<string>());
        var home = open.Count > 0 ? Path.GetDirectoryName(Path.GetFullPath(open.Peek()))! : "";
        while (open.TryDequeue(out var file))
        {
            using var image = new PeImage(file);
            foreach (var (name, imports) in image.Imports().Where(import => !IsPartOfWindows(import.Key)))
            {
                if (Find(name, home) is not (var found, var place))
                {
                    missing.Add(name);
                    continue;
                }
                using var other = new PeImage(found);
                if (imports.Except(other.Exports()).ToList() is [var first, ..] lacking)
                    faults.Add(Differs(file, found, place, first, lacking.Count));
                if (!IsRuntime(name) && seen.Add(found))
                    open.Enqueue(found);
            }
        }
        return string.Concat(Missing([.. missing.Where(IsRuntime)], [.. missing.Where(name => !IsRuntime(name))]).Concat(faults).Select(sentence => $" {sentence}"));
    }

    private (string File, string Place)? Find(string name, string home)
    {
        if (loaded.FirstOrDefault(file => Path.GetFileName(file).Equals(name, StringComparison.OrdinalIgnoreCase)) is { } already)
            return (already, "loaded before by the application");
        foreach (var (folder, place) in folders.Prepend((system, "a library of Windows")).Prepend((home, "beside it")))
            if (Path.Combine(folder, name) is var file && File.Exists(file))
                return (file, place);
        return null;
    }

    // The sets of names that stand for libraries of Windows ("api-ms-win-crt-..."), and those that it brings along.
    private bool IsPartOfWindows(string name) =>
        name.StartsWith("api-ms-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ext-ms-", StringComparison.OrdinalIgnoreCase)
        || (!IsRuntime(name) && File.Exists(Path.Combine(system, name)));

    private static string Redistributable =>
        $"Visual C++ 2015-2022 redistributable (https://aka.ms/vs/17/release/vc_redist.{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}.exe)";

    private static bool IsRuntime(string name) => _runtime.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Missing(string[] runtime, string[] others)
    {
        if (runtime.Length > 0)
            yield return $"{string.Join(" and ", runtime)} of the Visual C++ runtime {(runtime.Length == 1 ? "is" : "are")} not on this system: "
                + $"install the {Redistributable}.";
        if (others.Length > 0)
            yield return $"{string.Join(" and ", others)}, which it needs, {(others.Length == 1 ? "was" : "were")} not found beside it, beside the application or in a folder of PATH.";
    }

    private static string Differs(string file, string other, string place, string first, int count) => IsRuntime(Path.GetFileName(other))
        ? $"{other} is too old a Visual C++ runtime, without {first}: install the newest {Redistributable}."
        : $"{other} ({place}) lacks {(count == 1 ? "a name" : $"{count} names")} that {Path.GetFileName(file)} imports, such as {first}, so it is of another version of libtorch "
            + $"than {TorchLibrary.LibtorchVersion}, which TorchSharp {TorchLibrary.TorchSharpVersion} needs: remove it, or its folder from PATH.";
}
