using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>The settings of the hub client and its cache, from the environment variables of Python's <c>huggingface_hub</c>.</summary>
internal sealed partial record HubSettings
{
    /// <summary>The address of the hub.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>The folder of the cache.</summary>
    public required string CacheDir { get; init; }

    /// <summary>The access token to use if the options have none.</summary>
    public string? Token { get; init; }

    /// <summary>true to send no requests.</summary>
    public bool Offline { get; init; }

    /// <summary>true to make the files of a snapshot links to their content, if the system supports links.</summary>
    public bool Links { get; init; } = true;

    /// <summary>true to show the progress of downloads on a terminal.</summary>
    public bool ShowProgress { get; init; } = true;

    /// <summary>The maximum time to wait for the metadata of a file.</summary>
    public TimeSpan MetadataTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum time to open a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Opens a connection. If null, the operating system does.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>The maximum number of bytes of a file whose size is not announced.</summary>
    public long MaxUnannouncedSize { get; init; } = 1L << 30;

    /// <summary>The maximum time for which a download may receive nothing.</summary>
    public TimeSpan DownloadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The delay before the first retry; each further delay is twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum number of retries.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The longest delay that is accepted if the hub asks for one.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Returns the settings of this process.</summary>
    /// <exception cref="ArgumentException">A variable has a value that cannot be used.</exception>
    public static HubSettings FromEnvironment() => Read(Environment.GetEnvironmentVariable);

    /// <param name="variable">Gives the value of an environment variable.</param>
    public static HubSettings Read(Func<string, string?> variable)
    {
        string? First(params string[] names) => names.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        bool IsOn(params string[] names) => First(names)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
        string Folder(string text) => Path.GetFullPath(Expand(text, variable));

        var userCache = First("XDG_CACHE_HOME") ?? Path.Combine(FilePaths.Home, ".cache");
        var home = Folder(First("HF_HOME") ?? Path.Combine(userCache, "huggingface"));
        var tokenFile = First("HF_TOKEN_PATH") is { } path ? Folder(path) : Path.Combine(home, "token");
        return new HubSettings
        {
            Endpoint = First("HF_ENDPOINT") is { } endpoint ? ReadEndpoint(endpoint) : new("https://huggingface.co"),
            CacheDir = First("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") is { } cache ? Folder(cache) : Path.Combine(home, "hub"),
            Token = IsOn("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? null : Cleaned(First("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN") ?? ReadToken(tokenFile)),
            Offline = IsOn("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"),
            Links = !IsOn("HF_HUB_DISABLE_SYMLINKS"),
            ShowProgress = !IsOn("HF_HUB_DISABLE_PROGRESS_BARS"),
            MetadataTimeout = Seconds("HF_HUB_ETAG_TIMEOUT"),
            ConnectTimeout = Seconds("HF_HUB_ETAG_TIMEOUT"),
            DownloadTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT"),
        };

        TimeSpan Seconds(string name) => First(name) is not { } text ? TimeSpan.FromSeconds(10)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86400 ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException($"The environment variable {name} is '{text}'; it should be a whole number of seconds above 0.");
    }

    private static Uri ReadEndpoint(string text) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address
            : throw new ArgumentException($"The environment variable HF_ENDPOINT is '{text}'; it should be an address such as https://huggingface.co.");

    private static string? ReadToken(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (UnauthorizedAccessException)
        {
            // Public models need no token.
            return null;
        }
    }

    private static string? Cleaned(string? token) => token?.Trim() is { Length: > 0 } cleaned ? cleaned : null;

    // ~ and $NAME as a shell reads them.
    private static string Expand(string path, Func<string, string?> variable) =>
        Variable().Replace(FilePaths.FromHome(path), match => variable(match.Groups["name"].Value) ?? match.Value);

    [GeneratedRegex(@"\$(\{(?<name>\w+)\}|(?<name>\w+))")]
    private static partial Regex Variable();
}
