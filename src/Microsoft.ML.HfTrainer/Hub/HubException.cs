using System.Net;

namespace Microsoft.ML.HfTrainer;

/// <summary>The exception that is thrown if a repository of the Hugging Face hub or a file in it is not available. The message says why and what to do.</summary>
public sealed class HubException : IOException
{
    internal HubException(string repository, string? file, string message, Exception? inner = null) : base(message, inner) => (Repository, File) = (repository, file);

    /// <summary>Returns the exception with more to its message.</summary>
    internal HubException With(string sentence) => new(Repository, File, Message + sentence, InnerException) { StatusCode = StatusCode, CopyMayStandIn = CopyMayStandIn };

    /// <summary>Gets the id of the repository.</summary>
    public string Repository { get; }

    /// <summary>Gets the path of the file in the repository; null if the whole repository is not available.</summary>
    public string? File { get; }

    /// <summary>Gets the HTTP status code of the response; null if there was no response.</summary>
    public HttpStatusCode? StatusCode { get; internal init; }

    /// <summary>Indicates whether a cached copy may be used instead, because the hub did not state that the file or revision does not exist.</summary>
    internal bool CopyMayStandIn { get; init; }
}
