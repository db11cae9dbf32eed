namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Finds the default model, which the package Microsoft.ML.HfTrainer.MiniLM places beside the application.</summary>
internal static class DefaultModel
{
    public const string PackageName = "Microsoft.ML.HfTrainer.MiniLM";

    // Where the package puts its folder: beside the application, and inside the package.
    private static readonly string _folder = Path.Combine("HfTrainer", "MiniLM"), _packagedFolder = Path.Combine("content", "HfTrainer", "MiniLM");

    /// <summary>Returns the folder of the model.</summary>
    /// <exception cref="FileNotFoundException">The application does not reference the package.</exception>
    public static string Folder() => Find(AppContext.BaseDirectory, typeof(DefaultModel).Assembly.Location) ?? throw new FileNotFoundException(
        "No model was named, and the default one is not beside the application (looked for " +
        $"{Path.Combine(AppContext.BaseDirectory, _folder, PretrainedConfig.FileName)}). Add the package {PackageName} to the application, or name a model " +
        "folder in the argument 'model'.");

    /// <summary>
    /// Returns the folder of the model beside an application or, if the library is loaded from a NuGet package cache, in the model's package there; null if it is in
    /// neither place.
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
