using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>
/// The files of one repository at one revision. A commit's files never change, so files that are in the cache are used as they are, and the hub is asked once
/// which commit the revision stands for. If the hub cannot be reached, the cached commit is used.
/// </summary>
internal sealed class HubRepository : IDisposable
{
    private const string DefaultRevision = "main";
    private const int ConcurrentDownloads = 4;

    private readonly RepositoryId _id;
    private readonly HubOptions _options;
    private readonly HubSettings _settings;
    private readonly HubCache _cache;
    private readonly HubClient _client;
    private readonly DownloadLine? _line;
    private readonly string _revision;
    private readonly string? _offline;

    private volatile string? _commit;
    private volatile HubException? _failure;
    private bool _patient;

    public HubRepository(RepositoryId id, HubOptions? options)
    {
        _id = id;
        _options = options ?? new HubOptions();
        var settings = _options.Settings ?? HubSettings.FromEnvironment();
        _settings = settings with { CacheDir = Path.GetFullPath(_options.CacheDir ?? settings.CacheDir), Token = _options.Token ?? settings.Token };
        _revision = _options.Revision ?? DefaultRevision;
        FileNames.Parts(_revision, "revision");
        _offline = _options.LocalFilesOnly ? "LocalFilesOnly is set" : _settings.Offline ? "HF_HUB_OFFLINE is set" : null;
        _cache = new HubCache(_settings.CacheDir, id, _settings.Links);
        _client = new HubClient(id, _settings);
        _line = _options.Progress is null && _settings.ShowProgress ? DownloadLine.OnTerminal() : null;
    }

    /// <summary>Fetches files, and returns the folder that they are in.</summary>
    /// <param name="manifest">Asks for the files that are needed. It may be called twice.</param>
    /// <exception cref="HubException">A file that is needed is not available.</exception>
    public async Task<string> Fetch(Func<HubRepository, Task> manifest)
    {
        _patient = !IsCached;
        try
        {
            return await Gather(manifest);
        }
        catch (HubException) when (_failure is not null && _offline is null)
        {
            // The cached commit lacks something: now it is worth waiting for the hub.
            (_commit, _failure, _patient) = (null, null, true);
            return await Gather(manifest);
        }
    }

    /// <summary>Indicates whether any file of the commit is in the cache.</summary>
    public bool HasFiles => _commit is not null && Directory.Exists(_cache.Snapshot(_commit));

    /// <summary>Returns the path of a file; null if the repository does not have it, or if only the cache is used and does not have it.</summary>
    public Task<string?> Find(string file) => Find(file, Cancellation);

    /// <summary>Fetches several files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="advice">What to do if one is missing, for the error message. If null, files may be missing.</param>
    public Task FindAll(IEnumerable<string> files, string? advice = null) =>
        Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = ConcurrentDownloads, CancellationToken = Cancellation }, async (file, cancellation) =>
        {
            if (await Find(file, cancellation) is null && advice is not null)
                throw Missing(file, advice);
        });

    /// <summary>Returns true if the repository is known not to have a file; if the hub was not asked, a file that is not in the cache may exist.</summary>
    public bool IsKnownMissing(string file) => (_offline is null && _failure is null) || (_commit is { } commit && _cache.IsKnownMissing(commit, file));

    /// <summary>Returns the exception for a file that is needed and missing.</summary>
    /// <param name="file">The file.</param>
    /// <param name="advice">What to do.</param>
    public HubException Missing(string file, string advice) => (_offline, _failure) switch
    {
        ({ } reason, _) => _client.Errors.Offline(file, _settings.CacheDir, reason),
        (_, { } failure) => _client.Errors.Unreachable(file, failure),
        _ => _client.Errors.NoFile(file, _revision, advice),
    };

    public void Dispose()
    {
        _line?.Dispose();
        _client.Dispose();
    }

    private CancellationToken Cancellation => _options.CancellationToken;

    private string? CachedCommit => CommitHash.Matches(_revision) ? _revision : _cache.ReadRef(_revision);

    private bool IsCached => CachedCommit is { } commit && Directory.Exists(_cache.Snapshot(commit));

    private async Task<string> Gather(Func<HubRepository, Task> manifest)
    {
        _commit = CommitHash.Matches(_revision) ? _revision : null;
        if (_offline is not null)
            _commit = IsCached ? CachedCommit : throw _client.Errors.Offline(null, _settings.CacheDir, _offline);
        await manifest(this);
        return _cache.Snapshot(_commit!);
    }

    private async Task<string?> Find(string file, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_commit is { } known)
        {
            if (_cache.Find(known, file) is { } path)
                return path;
            if (_cache.IsKnownMissing(known, file) || _offline is not null || _failure is not null)
                return null;
        }
        try
        {
            var (described, commit) = await _client.Describe(_commit ?? _revision, file, _patient, cancellation);
            return await Take(file, described, commit, cancellation);
        }
        catch (HubException failure) when (!_patient && failure.CopyMayStandIn && IsCached)
        {
            Log($"The cached copy of '{_id}' is used: {failure.Message}");
            _failure = failure;
            _commit ??= CachedCommit;
            return _cache.Find(_commit!, file);
        }
    }

    private async Task<string?> Take(string file, HubFile? described, string? commit, CancellationToken cancellation)
    {
        if (commit is not null)
        {
            if (_commit is { } known && !known.Equals(commit, StringComparison.OrdinalIgnoreCase))
                throw _client.Errors.NotAHub(file, $"it was asked for commit {known} and answers for {commit}");
            _commit ??= commit;
            _cache.RefreshRef(_revision, commit);
        }
        if (described is null)
        {
            if (commit is not null)
                _cache.NoteMissing(_commit!, file);
            return null;
        }
        if (_cache.Find(_commit!, file) is { } path)
            return path;
        _cache.WriteRef(_revision, _commit!);
        using (await _cache.Lock(described.ETag, () => Log($"Waiting for another process that downloads {file} of '{_id}'."), cancellation))
        {
            var isNew = !_cache.HasBlob(described.ETag);
            if (isNew)
                await Download(file, described, cancellation);
            return _cache.Point(_commit!, file, described.ETag, isNew);
        }
    }

    private async Task Download(string file, HubFile described, CancellationToken cancellation)
    {
        var target = _cache.NewPart(described.ETag);
        try
        {
            await using (target)
                await new Transfer(_client, file, described, _settings, (received, size) => Report(file, received, size)).Into(target, cancellation);
            _cache.Keep(target.Name, described.ETag);
            Log($"Downloaded {file} of '{_id}'.");
        }
        catch
        {
            File.Delete(target.Name);
            throw;
        }
    }

    private void Report(string file, long received, long? size)
    {
        _options.CheckAlive?.Invoke();
        ((IProgress<DownloadProgress>?)_line ?? _options.Progress)?.Report(new DownloadProgress(_id.Name, file, received, size));
    }

    private void Log(string line) => _options.Log?.Invoke(line);
}
