using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>A hub of its own and an empty cache for each test.</summary>
public abstract class HubTest
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void CleanUp()
    {
        Hub.Dispose();
        _folder.Dispose();
    }

    internal LocalHub Hub { get; } = new();

    /// <summary>The lines that were logged.</summary>
    internal List<string> Lines { get; } = [];

    internal string Cache => _folder["cache"];

    internal string this[string name] => _folder[name];

    /// <summary>The settings of a process that has this hub for the hub; waits are short.</summary>
    internal HubSettings Settings => new()
    {
        Endpoint = Hub.Address,
        CacheDir = Cache,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        ShowProgress = false,
        MetadataTimeout = TimeSpan.FromSeconds(60),
        DownloadTimeout = TimeSpan.FromSeconds(60),
    };

    internal HubOptions Options => new() { Settings = Settings, Log = line => { lock (Lines) Lines.Add(line); } };

    /// <summary>A file of a cache's repository.</summary>
    internal string Cached(params string[] parts) => Path.Combine([Cache, "models--org--tiny", .. parts]);

    internal string Snapshot(string file, string commit = LocalHub.Commit) => Cached("snapshots", commit, file);

    /// <summary>What is in the repository's <c>blobs</c>.</summary>
    internal IReadOnlyList<string> Blobs => Directory.Exists(Cached("blobs")) ? [.. Directory.GetFiles(Cached("blobs")).Select(f => Path.GetFileName(f)).Order()] : [];

    /// <summary>The number of contents that are kept: in <c>blobs</c>, or in place in <c>snapshots</c>, where no links are made.</summary>
    internal int Contents => Blobs.Count
        + (Directory.Exists(Cached("snapshots")) ? Directory.GetFiles(Cached("snapshots"), "*", SearchOption.AllDirectories).Count(file => new FileInfo(file).LinkTarget is null) : 0);

    internal string Fetch(HubOptions? options = null, Func<HubRepository, Task>? manifest = null) => ModelFolder.Resolve("org/tiny", options ?? Options, manifest);

    internal HubException Refused(HubOptions? options = null, Func<HubRepository, Task>? manifest = null) => Assert.ThrowsExactly<HubException>(() => Fetch(options, manifest));

    /// <summary>A configuration and weights of so many bytes.</summary>
    internal byte[] AddModel(int size = 100_000)
    {
        var weights = new byte[size];
        new Random(1).NextBytes(weights);
        Hub.Add("config.json", """{ "model_type": "bert" }""").Add("model.safetensors", weights, large: true);
        return weights;
    }
}
