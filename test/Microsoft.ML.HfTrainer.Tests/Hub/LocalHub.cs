using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>A request that came.</summary>
internal sealed record SeenRequest(bool AtStorage, string Method, string File, string? Authorization, string? Range);

/// <summary>
/// A server that answers as the hub does, with a second one, under another address, as the storage that large files are redirected to. Faults are put in by
/// <see cref="Interfere"/>.
/// </summary>
internal sealed class LocalHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567", Token = "hf_let_me_in";

    private readonly WebApplication _hub, _storage;
    private readonly ConcurrentDictionary<string, byte[]> _files = new(), _blobs = new();

    public LocalHub()
    {
        _hub = Serve(AnswerAsHub);
        _storage = Serve(AnswerAsStorage);
    }

    public Uri Address => new(_hub.Urls.First());

    public Uri StorageAddress => new(_storage.Urls.First());

    /// <summary>The only repository.</summary>
    public string Repository { get; init; } = "org/tiny";

    /// <summary>Whether the repository is for those with the token alone.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>What the revision <c>main</c> stands for.</summary>
    public string Head { get; set; } = Commit;

    /// <summary>Is asked before each answer; true: it has answered itself.</summary>
    public Func<HttpContext, SeenRequest, Task<bool>> Interfere { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>The requests so far.</summary>
    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>Puts a file in the repository; a large one goes to the storage.</summary>
    public LocalHub Add(string file, byte[] content, bool large = false)
    {
        _files[file] = content;
        if (large)
            _blobs[Sha256(content)] = content;
        return this;
    }

    public LocalHub Add(string file, string content) => Add(file, Encoding.UTF8.GetBytes(content));

    /// <summary>Puts the files of a folder in the repository; weights are large.</summary>
    public LocalHub AddFolder(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
            Add(Path.GetFileName(file), File.ReadAllBytes(file), file.EndsWith(".safetensors", StringComparison.Ordinal));
        return this;
    }

    /// <summary>The requests for a file.</summary>
    public List<SeenRequest> For(string file, string method = "GET") => [.. Requests.Where(r => r.File == file && r.Method == method)];

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string GitHash(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    /// <summary>Sends content, or the part that is asked for, and breaks off after so many bytes.</summary>
    public static async Task Send(HttpContext context, byte[] content, int? breakAfter = null, bool ranges = true)
    {
        var from = ranges && RangeHeaderValue.TryParse(context.Request.Headers.Range, out var range) ? (int)range.Ranges.First().From! : 0;
        if (from >= content.Length && from > 0)
        {
            context.Response.StatusCode = 416;
            return;
        }
        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        context.Response.ContentLength = content.Length - from;
        if (context.Request.Method == "HEAD")
            return;
        // A response that is shorter than announced ends with its connection.
        await context.Response.Body.WriteAsync(content.AsMemory(from, Math.Min(breakAfter ?? int.MaxValue, content.Length - from)));
    }

    /// <summary>Answers that something is not there.</summary>
    public static void Refuse(HttpContext context, int status, string? code, string? commit = null)
    {
        context.Response.StatusCode = status;
        if (code is not null)
            context.Response.Headers["X-Error-Code"] = code;
        if (commit is not null)
            context.Response.Headers["X-Repo-Commit"] = commit;
    }

    public void Dispose()
    {
        _hub.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _storage.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static WebApplication Serve(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.Run(answer);
        application.StartAsync().GetAwaiter().GetResult();
        return application;
    }

    private async Task AnswerAsHub(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimStart('/').Split("/resolve/");
        var (revision, file) = target.Length == 2 && target[1].Split('/', 2) is [var first, var rest] ? (Uri.UnescapeDataString(first), Uri.UnescapeDataString(rest)) : ("", "");
        var seen = Note(context, false, file);
        if (await Interfere(context, seen))
            return;
        if (target[0] != Repository || IsPrivate && seen.Authorization != $"Bearer {Token}")
            Refuse(context, 401, "RepoNotFound");
        else if (revision != "main" && revision.Length != Commit.Length)
            Refuse(context, 404, "RevisionNotFound");
        else if (!_files.TryGetValue(file, out var content))
            Refuse(context, 404, "EntryNotFound", CommitOf(revision));
        else
            await Give(context, CommitOf(revision), content);
    }

    private string CommitOf(string revision) => revision == "main" ? Head : revision;

    private async Task Give(HttpContext context, string commit, byte[] content)
    {
        context.Response.Headers["X-Repo-Commit"] = commit;
        var hash = Sha256(content);
        if (!_blobs.ContainsKey(hash))
        {
            context.Response.Headers.ETag = $"\"{GitHash(content)}\"";
            await Send(context, content);
            return;
        }
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = new Uri(StorageAddress, $"/{hash}?signature=valid").ToString();
        context.Response.Headers.ETag = "\"of-the-pointer\"";
        context.Response.Headers["X-Linked-Etag"] = $"\"{hash}\"";
        context.Response.Headers["X-Linked-Size"] = content.Length.ToString(CultureInfo.InvariantCulture);
    }

    private async Task AnswerAsStorage(HttpContext context)
    {
        var hash = context.Request.Path.Value!.Trim('/');
        var content = _blobs[hash];
        var seen = Note(context, true, _files.First(f => ReferenceEquals(f.Value, content)).Key);
        if (!await Interfere(context, seen))
            await Send(context, content);
    }

    private SeenRequest Note(HttpContext context, bool atStorage, string file)
    {
        var headers = context.Request.Headers;
        var seen = new SeenRequest(atStorage, context.Request.Method, file, (string?)headers.Authorization, (string?)headers.Range);
        Requests.Enqueue(seen);
        return seen;
    }
}
