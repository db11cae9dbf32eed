using System.Net;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>Creates the exceptions for files that the hub does not provide.</summary>
/// <param name="id">The repository.</param>
/// <param name="endpoint">The hub's address.</param>
/// <param name="hasToken">Whether a token was sent.</param>
internal sealed class HubErrors(RepositoryId id, Uri endpoint, bool hasToken)
{
    private const string GiveToken = "give a token of an account that may (HubOptions.Token or the environment variable HF_TOKEN)";

    private string Page => new Uri(endpoint, $"/{id}").ToString();

    /// <summary>Returns the exception for a response that is not a success.</summary>
    public HubException Status(HttpResponseMessage response, string revision, string file)
    {
        var code = HubClient.Header(response, "X-Error-Code");
        var (meaning, isFinal) = Meaning(response, code, revision, file);
        var said = HubClient.Header(response, "X-Error-Message") is { Length: > 0 } text ? $" The hub says {JsonText.Show(text)}." : "";
        return new HubException(id.Name, file, $"{Subject(file)} cannot be had from {response.RequestMessage?.RequestUri?.Authority ?? endpoint.Authority}: status {(int)response.StatusCode}. {meaning}{said}")
        {
            StatusCode = response.StatusCode,
            CopyMayStandIn = !isFinal,
        };
    }

    /// <summary>Returns the exception for a hub that cannot be reached.</summary>
    public HubException Unreachable(string file, Exception failure) => new(id.Name, file,
        $"{Subject(file)} is not in the cache, and the hub at {endpoint} cannot be reached: {(failure.InnerException ?? failure).Message} Check the network and a proxy's settings (HTTPS_PROXY); " +
        "without a network, give the path of a model folder, or a cache that has the model (HF_HUB_CACHE).", failure) { CopyMayStandIn = true };

    /// <summary>Returns the exception for a file, or a whole repository (null), that is not in the cache while requests are disabled.</summary>
    public HubException Offline(string? file, string cacheDir, string reason) => new(id.Name, file,
        $"{(file is null ? $"The model '{id}'" : Subject(file))} is not in the cache {cacheDir}, and the hub is not asked because {reason}. Load it once with the network, or on another machine (there " +
        $"also with 'hf download {id}') and copy the cache here, or give the path of a model folder.");

    /// <summary>Returns the exception for a required file that the repository does not have.</summary>
    public HubException NoFile(string file, string revision, string advice) => new(id.Name, file, $"The repository '{id}' at '{revision}' has no {file}. {advice}") { StatusCode = HttpStatusCode.NotFound };

    /// <summary>Returns the exception for a response that does not come from a hub.</summary>
    public HubException NotAHub(string file, string fault) => new(id.Name, file,
        $"{Subject(file)}: what answers at {endpoint} is not a Hugging Face hub, or something between changes its answers: {fault}. Check HF_ENDPOINT, proxy and firewall.") { CopyMayStandIn = true };

    /// <summary>Returns the exception for a redirect that is not followed.</summary>
    public HubException Redirect(string file, string fault) => new(id.Name, file, $"{Subject(file)}: the redirect of {endpoint.Authority} is not followed: {fault}.");

    /// <summary>Returns the exception for a download that was interrupted too often.</summary>
    public HubException Broken(string file, long received, long? size, int tries, Exception? failure) => new(id.Name, file,
        FormattableString.Invariant($"{Subject(file)}: the download broke off {tries} times in a row at {received:N0} of {(size is { } all ? FormattableString.Invariant($"{all:N0}") : "unknown")} bytes") +
        $"{(failure is null ? "" : $": {failure.Message}")} Try again; a slow network may want a longer HF_HUB_DOWNLOAD_TIMEOUT (seconds).", failure);

    /// <summary>Returns the exception for content that differs from what was announced.</summary>
    public HubException Different(string file, string found, string expected) => new(id.Name, file,
        $"{Subject(file)}: what came has {found}, and the hub announced {expected}. Nothing was kept; try again, and check proxies on the way.");

    /// <summary>Returns the exception for content of unannounced size that exceeds the limit.</summary>
    public HubException TooLarge(string file, long limit) => new(id.Name, file,
        FormattableString.Invariant($"{Subject(file)}: the server announces no size and has sent more than {limit:N0} bytes, the most that is accepted then. Nothing was kept; check proxies on the way."));

    private string Subject(string file) => $"The file {JsonText.Show(file)} of '{id}'";

    // The most likely cause of a response, and whether it is final, so that no cached copy may be used.
    private (string Text, bool IsFinal) Meaning(HttpResponseMessage response, string? code, string revision, string file) => (code, response.StatusCode) switch
    {
        ("RevisionNotFound", _) => ($"The repository has no branch, tag or commit {JsonText.Show(revision)}; see {Page}/tree/main.", true),
        ("EntryNotFound", _) => ($"The repository has no such file at '{revision}'.", true),
        ("GatedRepo", _) => ($"The repository is gated: accept its terms at {Page}, and {(hasToken ? "check that the token is of the account that did" : GiveToken)}.", false),
        ("RepoNotFound", _) or (null, HttpStatusCode.Unauthorized) when !hasToken =>
            ($"There is no repository '{id}', or it is private: check the name at {Page}; for a private one, {GiveToken}.", false),
        (_, HttpStatusCode.Unauthorized) => ("The token is not valid: check HubOptions.Token or HF_TOKEN, or leave it out for a public model.", false),
        ("RepoNotFound", _) => ($"There is no repository '{id}', or the token's account may not see it: check the name at {Page}.", false),
        (_, HttpStatusCode.Forbidden) => ($"Access is refused: {(hasToken ? "the token may lack the right to read, or the terms of the repository are not accepted" : GiveToken)}; see {Page}.", false),
        (_, HttpStatusCode.NotFound) => ($"There is no repository '{id}', no revision '{revision}' in it, or no such file: see {Page}.", false),
        (_, HttpStatusCode.TooManyRequests) => ($"Too many requests{Wait(response)}: wait{(hasToken ? "" : $", or {GiveToken}, which has higher limits")}.", false),
        (_, >= HttpStatusCode.InternalServerError) => ("The hub has a fault of its own: try again later.", false),
        _ => ($"See {Page}.", false),
    };

    private static string Wait(HttpResponseMessage response) => HubClient.RetryAfter(response) is { } wait ? FormattableString.Invariant($", and the hub asks to wait {wait.TotalSeconds:F0} s") : "";
}
