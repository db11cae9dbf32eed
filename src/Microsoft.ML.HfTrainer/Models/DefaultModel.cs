namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The default model, all-MiniLM-L6-v2 (Apache-2.0, float16), which the package Microsoft.ML.HfTrainer.MiniLM places beside the application: it needs no network.
/// <c>TokenizeHf</c> uses it if no model is named; with <see cref="Trainer"/>, pass <see cref="GetFolder"/> to the <c>FromPretrained</c> methods.
/// </summary>
public static class DefaultModel
{
    /// <summary>The name of the package.</summary>
    public const string PackageName = "Microsoft.ML.HfTrainer.MiniLM";

    // Where the package puts its folder: beside the application, and inside the package.
    private static readonly string _folder = Path.Combine("HfTrainer", "MiniLM"), _packagedFolder = Path.Combine("content", "HfTrainer", "MiniLM");

    /// <summary>Returns the full path of the model's folder, which holds <c>config.json</c>, <c>model.safetensors</c> and the tokenizer's files.</summary>
    /// <exception cref="FileNotFoundException">The application does not reference the package.</exception>
    public static string GetFolder() => Find(AppContext.BaseDirectory, typeof(DefaultModel).Assembly.Location) ?? throw new FileNotFoundException(
        "No model was named, and the default one is not beside the application (looked for " +
        $"{Path.Combine(AppContext.BaseDirectory, _folder, PretrainedConfig.FileName)}). Add the package {PackageName} to the application, or name a model " +
        "folder in the argument 'model'.");

    /// <summary>
    /// Returns the folder of the model beside an application or, if the library is loaded from a NuGet package cache, in the model's package there; null if it is in
    /// neither place.
    /// </summary>
    internal static string? Find(string applicationFolder, string assemblyPath)
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
