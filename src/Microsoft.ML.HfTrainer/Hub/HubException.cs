using System.Net;

namespace Microsoft.ML.HfTrainer;

/// <summary>A repository of the Hugging Face hub, or a file in it, could not be had. The message says why, and what to do.</summary>
public sealed class HubException : IOException
{
    internal HubException(string repository, string? file, string message, Exception? inner = null) : base(message, inner) => (Repository, File) = (repository, file);

    /// <summary>The id of the repository.</summary>
    public string Repository { get; }

    /// <summary>The path of the file in the repository; null where the whole repository is meant.</summary>
    public string? File { get; }

    /// <summary>The status that the hub answered with; null where it gave no answer.</summary>
    public HttpStatusCode? StatusCode { get; internal init; }

    /// <summary>Whether a copy in the cache may stand in: the hub did not say that what was asked for does not exist.</summary>
    internal bool CopyMayStandIn { get; init; }
}
