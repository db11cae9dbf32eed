using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.ML.HfTrainer.Formats;
using Polly;
using Polly.Timeout;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>The metadata of a file on the hub.</summary>
/// <param name="Commit">The commit that the revision points to.</param>
/// <param name="ETag">The identifier of its content: the SHA-256 of large files, the Git blob hash of others.</param>
/// <param name="Size">Its size in bytes; null if the hub does not announce it.</param>
internal sealed record HubFile(string Commit, string ETag, long? Size);

/// <summary>Requests the files of one repository: retries after transient errors, and follows redirects without sending the token elsewhere.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MaxRedirects = 10;

    private static readonly string[] _hubHosts = ["huggingface.co", "hf.co", "hub-ci.huggingface.co"];

    private readonly RepositoryId _id;
    private readonly HubSettings _settings;
    private readonly string? _token;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _once, _patient, _download;

    public HubClient(RepositoryId id, HubSettings settings)
    {
        (_id, _settings, _token) = (id, settings, settings.Token);
        if (_token is not null && _token.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException("The token for the hub has characters that no token has, such as spaces; check HubOptions.Token or HF_TOKEN.");
        Errors = new HubErrors(id, settings.Endpoint, _token is not null);
        _handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = settings.ConnectTimeout, ConnectCallback = settings.Connect };
        _once = NewClient(0, settings.MetadataTimeout);
        _patient = NewClient(settings.Retries, settings.MetadataTimeout);
        _download = NewClient(settings.Retries, settings.DownloadTimeout);
    }

    /// <summary>Creates the exceptions.</summary>
    public HubErrors Errors { get; }

    /// <summary>Returns the metadata of a file.</summary>
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <param name="file">The path of the file.</param>
    /// <param name="patient">true to retry after transient errors.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <returns>The file, or null if the commit has no such file; and the commit, if the hub names it.</returns>
    /// <exception cref="HubException">The hub does not answer, or refuses.</exception>
    public async Task<(HubFile? File, string? Commit)> Describe(string revision, string file, bool patient, CancellationToken cancellation)
    {
        using var response = await Send(patient ? _patient : _once, HttpMethod.Head, revision, file, 0, cancellation);
        var commit = Header(response, "X-Repo-Commit");
        if (commit is not null && !CommitHash.Matches(commit))
            throw Errors.NotAHub(file, $"its header X-Repo-Commit is {JsonText.Show(commit)}, which is no hash of a commit");
        if (response.StatusCode == HttpStatusCode.NotFound && Header(response, "X-Error-Code") == "EntryNotFound")
            return (null, commit);
        if (!response.IsSuccessStatusCode && !IsRedirect(response))
            throw Errors.Status(response, revision, file);
        if (commit is null)
            throw Errors.NotAHub(file, "the header X-Repo-Commit is missing");
        var etag = Name(Header(response, "X-Linked-Etag") ?? Header(response, "ETag"));
        if (etag is null || !FileNames.IsSafe(etag))
            throw Errors.NotAHub(file, etag is null ? "the header ETag is missing" : $"its header ETag is {JsonText.Show(etag)}, which cannot name a file");
        var size = Header(response, "X-Linked-Size") ?? (IsRedirect(response) ? null : Header(response, "Content-Length"));
        return (new HubFile(commit, etag, long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null), commit);
    }

    /// <summary>Returns the content of a file from a byte on, or from the first if the server does not support ranges.</summary>
    /// <exception cref="HubException">The hub does not answer, or refuses.</exception>
    public async Task<HttpResponseMessage> Open(string commit, string file, long from, CancellationToken cancellation)
    {
        var response = await Send(_download, HttpMethod.Get, commit, file, from, cancellation);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return response;
        using (response)
            throw Errors.Status(response, commit, file);
    }

    /// <summary>Returns the value of a header, or null if it is missing.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString() : null;

    /// <summary>Returns the delay that the server asks for, or null if it asks for none.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage? response) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow,
        _ => null,
    };

    public void Dispose()
    {
        _once.Dispose();
        _patient.Dispose();
        _download.Dispose();
        _handler.Dispose();
    }

    private async Task<HttpResponseMessage> Send(HttpClient client, HttpMethod method, string revision, string file, long from, CancellationToken cancellation)
    {
        var address = Address(revision, file);
        for (var redirects = 0; ; redirects++)
        {
            using var request = NewRequest(method, address, from);
            var response = await Answer(client, request, file, cancellation);
            if (!IsRedirect(response) || !Uri.TryCreate(address, Header(response, "Location"), out var target))
                return response;
            // The hub's redirect to its storage has what is to be known of the file; the storage has not.
            if (method == HttpMethod.Head && !IsHub(target))
                return response;
            response.Dispose();
            if (redirects == MaxRedirects)
                throw Errors.Redirect(file, $"it is the {MaxRedirects + 1}th");
            if (target.Scheme != Uri.UriSchemeHttps && (target.Scheme != Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
                throw Errors.Redirect(file, $"it leads from {address.Scheme} to {target.Scheme}");
            address = target;
        }
    }

    private async Task<HttpResponseMessage> Answer(HttpClient client, HttpRequestMessage request, string file, CancellationToken cancellation)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException failure)
        {
            throw Errors.Unreachable(file, failure);
        }
        catch (TimeoutRejectedException failure)
        {
            throw Errors.Unreachable(file, new TimeoutException(FormattableString.Invariant($"there was no answer within {failure.Timeout.TotalSeconds:G3} s.")));
        }
        catch (OperationCanceledException failure) when (IsConnectTimeout(failure))
        {
            throw Errors.Unreachable(file, new TimeoutException(FormattableString.Invariant($"no connection could be opened within {_settings.ConnectTimeout.TotalSeconds:G3} s.")));
        }
    }

    private HttpRequestMessage NewRequest(HttpMethod method, Uri address, long from)
    {
        var request = new HttpRequestMessage(method, address);
        // Lengths and hashes are of the content as it is.
        request.Headers.AcceptEncoding.ParseAdd("identity");
        request.Headers.UserAgent.ParseAdd($"Microsoft.ML.HfTrainer/{typeof(HubClient).Assembly.GetName().Version?.ToString(3)}");
        if (from > 0)
            request.Headers.Range = new RangeHeaderValue(from, null);
        if (_token is not null && IsHub(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return request;
    }

    private Uri Address(string revision, string file)
    {
        var address = new StringBuilder(_settings.Endpoint.ToString().TrimEnd('/')).Append('/').Append(_id).Append("/resolve/").Append(Uri.EscapeDataString(revision));
        foreach (var part in FileNames.Parts(file, "file"))
            address.Append('/').Append(Uri.EscapeDataString(part));
        return new Uri(address.ToString());
    }

    // Where the token may be seen: at the hub that was named, and at the public one over an encrypted connection.
    private bool IsHub(Uri address) =>
        (address.Scheme == _settings.Endpoint.Scheme && address.Authority == _settings.Endpoint.Authority)
        || (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && _hubHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase));

    private HttpClient NewClient(int retries, TimeSpan timeout)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>();
        if (retries > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = retries,
                Delay = _settings.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(
                    (HttpClientResiliencePredicates.IsTransient(args.Outcome) || IsConnectTimeout(args.Outcome.Exception)) && !(RetryAfter(args.Outcome.Result) > _settings.LongestWait)),
            });
        }
        pipeline.AddTimeout(timeout);
        // Each try has its time; the content of an answer is waited for by its reader.
        return new HttpClient(new ResilienceHandler(pipeline.Build()) { InnerHandler = _handler }, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    // The handler reports that it could not connect in time as a cancellation.
    private static bool IsConnectTimeout(Exception? failure) => failure is OperationCanceledException { InnerException: TimeoutException };

    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    // W/"name" and "name" are the same content.
    private static string? Name(string? etag) => etag is null ? null : (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"');
}
