using System.Globalization;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>
/// The packages of this repository in a folder feed, packed once a test run under a version of their own, with a package cache of their own: the user's
/// cache is read, for what is in it, and never written.
/// </summary>
internal sealed class PackedFeed
{
    private static readonly Lazy<PackedFeed> _shared = new(() => new());

    private readonly string _root = Directory.CreateTempSubdirectory("hftrainer-feed-").FullName;

    private PackedFeed()
    {
        // The library as it was built for this test run; a second build would fight with it over the same folders.
        Pack("Microsoft.ML.HfTrainer", "--no-build");
        Pack("Microsoft.ML.HfTrainer.MiniLM");
    }

    /// <summary>The feed of this test run, packed when it is first asked for.</summary>
    public static PackedFeed Shared => _shared.Value;

    /// <summary>Deletes it at the end of the test run; the test host leaves no time for that when the process exits.</summary>
    public static void DeleteShared()
    {
        if (_shared.IsValueCreated)
            Directory.Delete(_shared.Value._root, recursive: true);
    }

    /// <summary>The version of the packages in it.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.0.1-test.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}");

    /// <summary>The folder that holds the packages.</summary>
    public string Folder => Path.Combine(_root, "feed");

    /// <summary>Where a consumer's restore unpacks what the user's cache does not have: these packages.</summary>
    public string Cache => Path.Combine(_root, "cache");

    /// <summary>The environment of a consumer's build.</summary>
    public IReadOnlyDictionary<string, string?> BuildEnvironment => new Dictionary<string, string?> { ["NUGET_PACKAGES"] = Cache };

    /// <summary>The text of a consumer's <c>nuget.config</c>: this feed beside the machine's own sources.</summary>
    public string NuGetConfig => $"""
        <configuration>
          <packageSources>
            <add key="packed" value="{Folder}" />
          </packageSources>
          <fallbackPackageFolders>
            <add key="user" value="{Repository.PackageCache}" />
          </fallbackPackageFolders>
        </configuration>
        """;

    private void Pack(string project, params string[] options) => CommandLine.DotNet(Repository.Root, new Dictionary<string, string?>(),
        ["pack", Path.Combine("src", project), "-c", Repository.Configuration, "-o", Folder, $"-p:PackageVersion={Version}", "-v:q", .. options]).Succeeded();
}
