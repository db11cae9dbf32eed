namespace Microsoft.ML.HfTrainer;

/// <summary>The model that is used where none is named: the one of the package Microsoft.ML.HfTrainer.MiniLM, if the application refers to it.</summary>
internal static class DefaultModel
{
    public const string PackageName = "Microsoft.ML.HfTrainer.MiniLM";

    // How the package lays its folder beside an application, and inside itself.
    private static readonly string _folder = Path.Combine("HfTrainer", "MiniLM"), _packagedFolder = Path.Combine("content", "HfTrainer", "MiniLM");

    /// <summary>The model's folder.</summary>
    /// <exception cref="FileNotFoundException">The application does not refer to the package.</exception>
    public static string Folder() => Find(AppContext.BaseDirectory, typeof(DefaultModel).Assembly.Location) ?? throw new FileNotFoundException(
        "No model was named, and the default one is not beside the application (looked for " +
        $"{Path.Combine(AppContext.BaseDirectory, _folder, PretrainedConfig.FileName)}). Add the package {PackageName} to the application, or name a model " +
        "folder in the argument 'model'.");

    /// <summary>
    /// The model's folder beside an application or, where this library is used from the package cache, in the package's folder there; else null.
    /// </summary>
    public static string? Find(string applicationFolder, string assemblyPath)
    {
        IEnumerable<string> candidates = [Path.Combine(applicationFolder, _folder), .. InPackageCache(assemblyPath)];
        return candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, PretrainedConfig.FileName)));
    }

    // <packages>/microsoft.ml.hftrainer/<version>/lib/<framework>/Microsoft.ML.HfTrainer.dll
    private static IEnumerable<string> InPackageCache(string assemblyPath)
    {
        if (assemblyPath.Length == 0 || Path.GetDirectoryName(assemblyPath) is not { } assemblyFolder)
            return [];
        var version = Path.GetFullPath(Path.Combine(assemblyFolder, "..", ".."));
        var package = Path.GetFullPath(Path.Combine(version, "..", "..", PackageName.ToLowerInvariant()));
        if (!Directory.Exists(package))
            return [];
        var own = Path.GetFileName(version);
        return Directory.EnumerateDirectories(package)
            .OrderByDescending(folder => Path.GetFileName(folder) == own)
            .ThenByDescending(folder => Version.TryParse(Path.GetFileName(folder), out var v) ? v : null)
            .Select(folder => Path.Combine(folder, _packagedFolder));
    }
}
