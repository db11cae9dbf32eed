using System.Text;
using Microsoft.ML.HfTrainer.Hub;

namespace Microsoft.ML.HfTrainer;

/// <summary>Options for downloading models and tokenizers from the Hugging Face hub. They have no effect on models that are loaded from a folder.</summary>
/// <remarks>
/// Options that are not set are read from the environment variables of Python's <c>huggingface_hub</c>: <c>HF_TOKEN</c>, <c>HF_HOME</c>, <c>HF_HUB_CACHE</c>,
/// <c>HF_HUB_OFFLINE</c>, <c>HF_ENDPOINT</c>.
/// </remarks>
public record HubOptions
{
    /// <summary>Gets the branch, tag or commit of the repository. Default: null, which means <c>main</c>.</summary>
    public string? Revision { get; init; }

    /// <summary>
    /// Gets the access token for private and gated repositories. It is sent to the hub only, never to the storage that the hub redirects to. Default: null, which means
    /// <c>HF_TOKEN</c>, or the token that <c>hf auth login</c> stored, or none.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>true to use the cache only and send no request to the hub. Default: false.</summary>
    public bool LocalFilesOnly { get; init; }

    /// <summary>Gets the folder of the cache. Default: null, which means that of Python: <c>HF_HUB_CACHE</c>, or <c>hub</c> in <c>HF_HOME</c>.</summary>
    public string? CacheDir { get; init; }

    /// <summary>Gets the receiver of the progress of each file. Default: null; an interactive terminal then shows one line on standard error.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>Gets the method that receives one line for each downloaded file and each problem. Default: null; pipelines write the lines to <c>MLContext.Log</c>.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Gets the token that cancels a download. Default: none.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Gets a method that is called repeatedly during a download; an exception that it throws ends the download.</summary>
    internal Action? CheckAlive { get; init; }

    /// <summary>Gets the settings to use instead of those of the environment.</summary>
    internal HubSettings? Settings { get; init; }

    /// <summary>Writes the options as text, without the token.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Revision = {Revision}, Token = {(Token is null ? "" : "***")}, LocalFilesOnly = {LocalFilesOnly}, CacheDir = {CacheDir}");
        return true;
    }
}
