using Microsoft.ML.HfTrainer.Hub;

namespace Microsoft.ML.HfTrainer;

/// <summary>Turns what a user names as a model into a folder on this machine.</summary>
internal static class ModelFolder
{
    /// <summary>The full path of the model folder that <paramref name="model"/> names: itself, or one in the cache of the hub, which is filled if need be.</summary>
    /// <param name="model">A folder, or an id on the hub.</param>
    /// <param name="options">How it is fetched.</param>
    /// <param name="parts">What has to be there of a model on the hub.</param>
    /// <exception cref="DirectoryNotFoundException">It is neither a folder nor an id.</exception>
    /// <exception cref="HubException">The hub does not give it.</exception>
    public static string Resolve(string model, HubOptions? options = null, HubParts parts = HubParts.Model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        if (Directory.Exists(model))
            return Path.GetFullPath(model);
        if (File.Exists(model))
            throw new DirectoryNotFoundException($"'{model}' is a file; pass the folder it is in.");
        if (!RepositoryId.TryParse(model, out var id, out var fault))
            throw new DirectoryNotFoundException(
                $"The model '{model}' is not a folder (looked at {Path.GetFullPath(model)}), and not an id on the Hugging Face hub: {fault}. Give the path of a folder with " +
                "config.json, model.safetensors and the tokenizer's files, or an id such as 'distilbert-base-uncased'.");
        using var fetch = new HubFetch(id, options);
        // On threads of the pool, so that a caller's synchronisation context is not waited for.
        return Task.Run(() => fetch.Folder(parts)).GetAwaiter().GetResult();
    }

    /// <summary>
    /// The full path of the folder of a model, for whose tokenizer the folder <paramref name="tokenizer"/> stands: of the same commit, where that is one in the
    /// cache of the hub, which may have the tokenizer alone so far.
    /// </summary>
    public static string ResolveBeside(string tokenizer, HubOptions? options = null) => Cached(tokenizer) is var (cache, id, commit)
        ? Resolve(id.Name, (options ?? new HubOptions()) with { Revision = commit, CacheDir = options?.CacheDir ?? cache })
        : Resolve(tokenizer, options);

    /// <summary>The name of a model's folder, for messages: its id, where it is one in the cache of the hub.</summary>
    public static string NameOf(string folder) => Cached(folder)?.Id.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    // CACHE/models--OWNER--NAME/snapshots/COMMIT
    private static (string Cache, RepositoryId Id, string Commit)? Cached(string folder)
    {
        var commit = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.GetDirectoryName(commit) is { } snapshots && Path.GetFileName(snapshots) == "snapshots" && Path.GetDirectoryName(snapshots) is { } repository
            && CacheNames.IsCommit(Path.GetFileName(commit)) && RepositoryId.OfFolder(Path.GetFileName(repository)) is { } id && Path.GetDirectoryName(repository) is { } cache
            ? (cache, id, Path.GetFileName(commit))
            : null;
    }
}
