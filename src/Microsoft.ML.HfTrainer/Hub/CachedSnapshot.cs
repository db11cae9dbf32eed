namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>A folder of a hub cache that holds the files of one commit: <c>CACHE/models--OWNER--NAME/snapshots/COMMIT</c>.</summary>
/// <param name="CacheDir">The cache.</param>
/// <param name="Id">The repository.</param>
/// <param name="Commit">The commit.</param>
internal sealed record CachedSnapshot(string CacheDir, RepositoryId Id, string Commit)
{
    /// <summary>Returns the snapshot that a folder is by its path, or null if it is none.</summary>
    public static CachedSnapshot? OfFolder(string folder)
    {
        var commit = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.GetDirectoryName(commit) is { } snapshots && Path.GetFileName(snapshots) == "snapshots" && Path.GetDirectoryName(snapshots) is { } repository
            && CommitHash.Matches(Path.GetFileName(commit)) && RepositoryId.OfFolder(Path.GetFileName(repository)) is { } id && Path.GetDirectoryName(repository) is { } cache
            ? new CachedSnapshot(cache, id, Path.GetFileName(commit))
            : null;
    }
}
