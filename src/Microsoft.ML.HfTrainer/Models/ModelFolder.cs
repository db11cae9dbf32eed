using Microsoft.ML.HfTrainer.Hub;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Turns the name of a model into a folder on this machine.</summary>
internal static class ModelFolder
{
    /// <summary>Returns the full path of the folder of a model: the folder itself or, for a hub id, one in the hub's cache, which is filled if necessary.</summary>
    /// <param name="model">A folder, or the id of a repository on the hub.</param>
    /// <param name="options">How to download from the hub. If null, the settings of the environment are used.</param>
    /// <param name="manifest">Fetches the files that are needed. If null, those of the model.</param>
    /// <exception cref="DirectoryNotFoundException">The name is neither a folder nor an id.</exception>
    /// <exception cref="HubException">The hub cannot be reached or does not provide the files.</exception>
    public static string Resolve(string model, HubOptions? options = null, Func<HubRepository, Task>? manifest = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        if (Directory.Exists(model))
            return Path.GetFullPath(model);
        if (File.Exists(model))
            throw new DirectoryNotFoundException($"'{model}' is a file; pass the folder that contains it.");
        if (!RepositoryId.TryParse(model, out var id, out var fault))
            throw new DirectoryNotFoundException(
                $"The model '{model}' is not a folder (looked at {Path.GetFullPath(model)}), and not an id on the Hugging Face hub: {fault}. Give the path of a folder with " +
                "config.json, model.safetensors and the tokenizer's files, or an id such as 'distilbert-base-uncased'.");
        using var repository = new HubRepository(id, options);
        try
        {
            // On threads of the pool, so that a caller's synchronization context is not waited for.
            return Task.Run(() => repository.Fetch(manifest ?? ModelManifest.Model)).GetAwaiter().GetResult();
        }
        catch (HubException failure)
        {
            throw failure.With($" '{model}' was taken for an id on the hub because there is no folder {Path.GetFullPath(model)}.");
        }
    }

    /// <summary>
    /// Returns the full path of the model that belongs to the tokenizer in a folder. If that folder is in the hub's cache, it may hold the tokenizer only, and the
    /// files of the model are fetched from the same commit.
    /// </summary>
    public static string ResolveBeside(string tokenizer, HubOptions? options = null, Func<HubRepository, Task>? manifest = null) => CachedSnapshot.OfFolder(tokenizer) is { } snapshot
        ? Resolve(snapshot.Id.Name, (options ?? new HubOptions()) with { Revision = snapshot.Commit, CacheDir = options?.CacheDir ?? snapshot.CacheDir }, manifest)
        : Resolve(tokenizer, options, manifest);

    /// <summary>Returns the name of a model's folder for messages: its id if it is in the hub's cache, else the name of the folder.</summary>
    public static string NameOf(string folder) => CachedSnapshot.OfFolder(folder)?.Id.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
