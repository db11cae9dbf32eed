using System.Text;
using Microsoft.ML.HfTrainer.Hub;

namespace Microsoft.ML.HfTrainer;

/// <summary>How a model or a tokenizer that is named by its id on the Hugging Face hub is fetched. Folders need none of it.</summary>
/// <remarks>
/// What is not set comes from the environment, under the names that Python reads: <c>HF_TOKEN</c>, <c>HF_HOME</c>, <c>HF_HUB_CACHE</c>,
/// <c>HF_HUB_OFFLINE</c>, <c>HF_ENDPOINT</c>.
/// </remarks>
public record HubOptions
{
    /// <summary>A branch, a tag or a commit of the repository. Default: null, its branch <c>main</c>.</summary>
    public string? Revision { get; init; }

    /// <summary>
    /// The access token for private and gated repositories; it is sent to the hub alone, never to the storage that it redirects to. Default: null, the one of
    /// <c>HF_TOKEN</c>, else the one that a login of Python's tools left, else none.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>Whether only the cache is looked at, and the hub not asked. Default: false.</summary>
    public bool LocalFilesOnly { get; init; }

    /// <summary>The folder of the cache. Default: null, the one that Python uses: <c>HF_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>.</summary>
    public string? CacheDir { get; init; }

    /// <summary>Is told how much of each file has come. Default: null; an interactive terminal then shows a line on standard error.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>Gets a line for each file that was downloaded and for each difficulty. Default: null; pipelines write the lines to <c>MLContext.Log</c>.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Ends a download. Default: never.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Called between pieces of a download; what it throws ends it.</summary>
    internal Action? CheckAlive { get; init; }

    /// <summary>In place of what the environment says.</summary>
    internal HubSettings? Settings { get; init; }

    /// <summary>The settings as text; the token is left out.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Revision = {Revision}, Token = {(Token is null ? "" : "***")}, LocalFilesOnly = {LocalFilesOnly}, CacheDir = {CacheDir}");
        return true;
    }
}
