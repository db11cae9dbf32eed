using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>
/// The folder of one repository in the cache that Python's huggingface_hub keeps: <c>refs/REVISION</c> holds the hash of a commit, <c>snapshots/COMMIT/FILE</c>
/// is a link to <c>blobs/ETAG</c> (or the content itself, where there are no links), and an empty <c>.no_exist/COMMIT/FILE</c> says that there is no such file.
/// </summary>
/// <param name="root">The folder of the cache.</param>
/// <param name="id">The repository.</param>
/// <param name="links">Whether links are made.</param>
internal sealed class HubCache(string root, RepositoryId id, bool links)
{
    private const string Tag = "CACHEDIR.TAG";

    private readonly string _folder = Path.Combine(root, id.FolderName);

    /// <summary>The folder of a commit's files.</summary>
    public string Snapshot(string commit) => Path.Combine(_folder, "snapshots", commit);

    /// <summary>The path of a file that is there; else null.</summary>
    public string? Find(string commit, string file) => Below(Snapshot(commit), file) is var path && Exists(path) ? path : null;

    /// <summary>Whether the hub has said that a commit has no such file.</summary>
    public bool IsKnownMissing(string commit, string file) => File.Exists(Below(NoExist(commit), file));

    /// <summary>Writes down that a commit has no such file; a cache that cannot be written to goes without.</summary>
    public void NoteMissing(string commit, string file) => IfWritable(() => File.WriteAllBytes(WithFolder(NoExist(commit), file), []));

    /// <summary>The commit that a revision stood for when it was last asked for; null where it never was.</summary>
    public string? ReadRef(string revision)
    {
        var path = Below(Refs, revision, "revision");
        return File.Exists(path) && File.ReadAllText(path).Trim() is var commit && CommitHash.Matches(commit) ? commit : null;
    }

    /// <summary>Writes down which commit a revision stands for.</summary>
    public void WriteRef(string revision, string commit)
    {
        if (revision == commit || ReadRef(revision) == commit)
            return;
        var path = WithFolder(Refs, revision, "revision");
        var part = $"{path}.{Unique()}.tmp";
        File.WriteAllText(part, commit);
        FileMoves.Replace(part, path);
    }

    /// <summary>The same, where the cache can be written to.</summary>
    public void RefreshRef(string revision, string commit) => IfWritable(() => WriteRef(revision, commit));

    /// <summary>Whether the content is there.</summary>
    public bool HasBlob(string etag) => Exists(Blob(etag));

    /// <summary>A new file for content that is to come, which no other process writes to.</summary>
    public FileStream NewPart(string etag)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Blob(etag))!);
        WriteTag();
        return new FileStream($"{Blob(etag)}.{Unique()}.incomplete", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
    }

    /// <summary>Puts content that has come whole in its place.</summary>
    public void Keep(string part, string etag)
    {
        FileSync.File(part);
        FileMoves.Replace(part, Blob(etag));
    }

    /// <summary>Waits until no other process, this library's or Python's, is about to download the same content.</summary>
    /// <param name="etag">The content.</param>
    /// <param name="waiting">Called once where there is something to wait for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IDisposable> Lock(string etag, Action waiting, CancellationToken cancellation)
    {
        var path = Path.Combine(root, ".locks", id.FolderName, $"{etag}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var tries = 0; ; tries++)
        {
            try
            {
                // Nothing shared is an exclusive flock on Unix, which is the lock that Python takes.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException held) when (IsHeld(held))
            {
                if (tries == 0)
                    waiting();
            }
            await Task.Delay(Math.Min(50 * (tries + 1), 500), cancellation);
        }
    }

    /// <summary>Makes a commit's file of content that is there, and gives its path.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="file">The file.</param>
    /// <param name="etag">The content.</param>
    /// <param name="isNew">Whether nothing else refers to the content, so that it may be moved where it cannot be linked to.</param>
    public string Point(string commit, string file, string etag, bool isNew)
    {
        var path = WithFolder(Snapshot(commit), file);
        if (Exists(path))
            return path;
        // What is left is a link to content that is gone.
        File.Delete(path);
        if (TryLink(path, Blob(etag)))
            return path;
        var part = $"{path}.{Unique()}.incomplete";
        if (isNew)
            FileMoves.Replace(Blob(etag), part);
        else
            File.Copy(Blob(etag), part);
        FileMoves.Replace(part, path);
        return path;
    }

    private string Refs => Path.Combine(_folder, "refs");

    private string NoExist(string commit) => Path.Combine(_folder, ".no_exist", commit);

    private string Blob(string etag) => Path.Combine(_folder, "blobs", etag);

    private bool TryLink(string path, string blob)
    {
        if (!links)
            return false;
        try
        {
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, blob));
        }
        // Another process may have made it just now; Windows may not allow links, and some disks have none.
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
        }
        // Not every system that reports a link as made has made it.
        return Exists(path);
    }

    private void WriteTag()
    {
        var path = Path.Combine(root, Tag);
        if (!File.Exists(path))
            IfWritable(() => File.WriteAllText(path, "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache; programs that make backups leave it out.\n"));
    }

    private static string Below(string folder, string name, string what = "file") => Path.Combine([folder, .. FileNames.Parts(name, what)]);

    // A link among the folders would lead what is written out of the cache.
    private string WithFolder(string folder, string name, string what = "file")
    {
        var path = Below(folder, name, what);
        for (var parent = Path.GetDirectoryName(path)!; parent.Length > _folder.Length; parent = Path.GetDirectoryName(parent)!)
            if (new DirectoryInfo(parent).LinkTarget is { } target)
                throw new InvalidDataException($"{parent}: this folder of the cache is a link to '{target}', and nothing is written through it; remove the link.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    // File.Exists is true of a link whose target is gone.
    private static bool Exists(string path)
    {
        try
        {
            return File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is var target && (target is null || target.Exists);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsHeld(IOException failure) => failure.HResult is
        unchecked((int)0x80070020) or unchecked((int)0x80070021) // Windows: sharing violation, lock violation
        or 11 or 35; // EWOULDBLOCK of Linux and of macOS

    private static void IfWritable(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string Unique() => Guid.NewGuid().ToString("N")[..8];
}
