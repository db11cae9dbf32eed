namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// One folder for libraries that lie in several and look for each other in their own: the packages of libtorch for CUDA are too large for one each, and a
/// build copies them together, which a script host does not. Some of them are loaded late and by name, so the folder stays until the process ends.
/// </summary>
internal static class LinkedFolder
{
    /// <summary>Makes a temporary folder with a link to each library of <paramref name="folders"/>.</summary>
    public static string Join(IEnumerable<string> folders)
    {
        var joined = Directory.CreateTempSubdirectory("hftrainer-libtorch-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => joined.Delete(recursive: true);
        foreach (var file in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "lib*.so*")).DistinctBy(Path.GetFileName))
            File.CreateSymbolicLink(Path.Combine(joined.FullName, Path.GetFileName(file)), file);
        return joined.FullName;
    }
}
