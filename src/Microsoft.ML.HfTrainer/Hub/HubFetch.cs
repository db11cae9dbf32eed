using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>What of a repository is needed.</summary>
internal enum HubParts
{
    /// <summary>The configuration.</summary>
    Configuration,

    /// <summary>The configuration and the weights.</summary>
    Model,

    /// <summary>The configuration and the weights, and where it is a model of sentence-transformers, its modules.</summary>
    SentenceModel,

    /// <summary>The tokenizer's files, and the configuration, if there is one.</summary>
    Tokenizer,
}

/// <summary>
/// Brings what is needed of a repository into the cache. A commit's files never change: those that are there are taken as they are, and the hub is asked
/// once, which commit the revision stands for. Where it cannot be reached, the cached commit stands in.
/// </summary>
internal sealed class HubFetch : IDisposable
{
    private const string Configuration = "config.json", GenerationConfiguration = "generation_config.json", DefaultRevision = "main";
    private const int AtOnce = 4;

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

    public HubFetch(RepositoryId id, HubOptions? options)
    {
        _id = id;
        _options = options ?? new HubOptions();
        var settings = _options.Settings ?? HubSettings.FromEnvironment();
        _settings = settings with { CacheDir = Path.GetFullPath(_options.CacheDir ?? settings.CacheDir), Token = _options.Token ?? settings.Token };
        _revision = _options.Revision ?? DefaultRevision;
        CacheNames.Parts(_revision, "revision");
        _offline = _options.LocalFilesOnly ? "LocalFilesOnly is set" : _settings.Offline ? "HF_HUB_OFFLINE is set" : null;
        _cache = new HubCache(_settings.CacheDir, id, _settings.Links);
        _client = new HubClient(id, _settings);
        _line = _options.Progress is null && _settings.ShowProgress ? DownloadLine.OnTerminal() : null;
    }

    /// <summary>Fetches, and gives the folder that the files are in.</summary>
    /// <exception cref="HubException">A file that is needed cannot be had.</exception>
    public async Task<string> Folder(HubParts parts)
    {
        _patient = !IsCached;
        try
        {
            return await Gather(parts);
        }
        catch (HubException) when (_failure is not null && _offline is null)
        {
            // The cached commit lacks something: now it is worth waiting for the hub.
            (_commit, _failure, _patient) = (null, null, true);
            return await Gather(parts);
        }
    }

    public void Dispose()
    {
        _line?.Dispose();
        _client.Dispose();
    }

    private CancellationToken Cancellation => _options.CancellationToken;

    private string? CachedCommit => CacheNames.IsCommit(_revision) ? _revision : _cache.ReadRef(_revision);

    private bool IsCached => CachedCommit is { } commit && Directory.Exists(_cache.Snapshot(commit));

    private async Task<string> Gather(HubParts parts)
    {
        _commit = CacheNames.IsCommit(_revision) ? _revision : null;
        if (_offline is not null)
            _commit = IsCached ? CachedCommit : throw _client.Errors.Offline(null, _settings.CacheDir, _offline);
        var folder = parts == HubParts.SentenceModel ? await FindModules() : "";
        var configuration = await Find(folder + Configuration, Cancellation);
        switch (parts)
        {
            case HubParts.Tokenizer:
                await FindAll(TokenizerFiles.Known);
                if (_commit is null || !Directory.Exists(_cache.Snapshot(_commit)))
                    throw Missing(TokenizerFiles.Tokenizer, "It has no other file of a tokenizer either; see which repository the tokenizer is in.");
                break;
            case var _ when configuration is null:
                throw Missing(folder + Configuration, "It is no model of the transformers library, or one in a sub-folder: download the repository and give the path of that folder.");
            case HubParts.Model or HubParts.SentenceModel:
                await FindWeights(folder);
                await Find(folder + GenerationConfiguration, Cancellation);
                break;
        }
        return _cache.Snapshot(_commit!);
    }

    // The modules of sentence-transformers, if there are any; gives the folder of the model itself, as names of files begin with it.
    private async Task<string> FindModules()
    {
        if (await Find(SentenceModuleList.FileName, Cancellation) is not { } list)
            return IsKnownMissing(SentenceModuleList.FileName) ? "" : throw Missing(SentenceModuleList.FileName, "It says how vectors are made of texts, and whether there is one the cache does not know.");
        var modules = SentenceModuleList.Read(list);
        var model = FolderOf(modules[0]);
        await FindAll(modules.Skip(1).Select(module => FolderOf(module) + SentenceModuleList.Configuration).Append(SentenceModuleList.WholeFile));
        foreach (var name in SentenceModuleList.TransformerFiles)
            if (await Find(model + name, Cancellation) is not null)
                break;
        foreach (var module in modules.Where(module => module.Kind == SentenceModuleList.Dense))
            await FindWeights(FolderOf(module));
        return model;
    }

    // Where the hub was not asked, a file that is not in the cache may still be there.
    private bool IsKnownMissing(string file) => _offline is null && _failure is null || _commit is { } commit && _cache.IsKnownMissing(commit, file);

    private static string FolderOf(SentenceModuleEntry module) => module.Path.Length == 0 ? "" : module.Path + "/";

    // Names of files begin with that of their folder.
    private async Task FindWeights(string folder)
    {
        foreach (var (single, index, extension) in WeightFiles.Layouts)
        {
            if (await Find(folder + single, Cancellation) is not null)
                return;
            if (await Find(folder + index, Cancellation) is { } path)
            {
                await FindAll(SafetensorsIndex.Read(path, extension).Files.Select(file => folder + file), $"The index {folder}{index} names it: the repository is incomplete.");
                return;
            }
        }
        var layouts = WeightFiles.Layouts.ToList();
        throw Missing(folder + layouts[0].Single, $"It has none of the others that weights can be read from either: {string.Join(", ", layouts.SelectMany(l => new[] { l.Index, l.Single }).Where(f => f != layouts[0].Single).Order())}.");
    }

    /// <param name="files">The files.</param>
    /// <param name="advice">What is said where one is not there; null: it need not be.</param>
    private Task FindAll(IEnumerable<string> files, string? advice = null) =>
        Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation }, async (file, cancellation) =>
        {
            if (await Find(file, cancellation) is null && advice is not null)
                throw Missing(file, advice);
        });

    // The path of a file; null where the repository has none, or the cache alone is asked and has none.
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

    private HubException Missing(string file, string advice) => (_offline, _failure) switch
    {
        ({ } reason, _) => _client.Errors.Offline(file, _settings.CacheDir, reason),
        (_, { } failure) => _client.Errors.Unreachable(file, failure),
        _ => _client.Errors.NoFile(file, _revision, advice),
    };

    private void Log(string line) => _options.Log?.Invoke(line);
}
