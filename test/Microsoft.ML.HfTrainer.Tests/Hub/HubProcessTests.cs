using System.Diagnostics;
using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Tests.Checkpoints;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>The cache among processes: this library's, and Python's.</summary>
[TestClass]
[TestCategory("Process")]
public sealed class HubProcessTests : HubTest
{
    // The program is called with a cache, and says what it found.
    private const string PythonReads = """
        import sys
        from huggingface_hub import hf_hub_download, scan_cache_dir, try_to_load_from_cache
        from huggingface_hub import _CACHED_NO_EXIST
        cache = sys.argv[1]
        print(open(hf_hub_download("org/tiny", "config.json", cache_dir=cache, local_files_only=True)).read())
        print(len(open(hf_hub_download("org/tiny", "model.safetensors", cache_dir=cache, local_files_only=True), "rb").read()))
        print(try_to_load_from_cache("org/tiny", "generation_config.json", cache_dir=cache) is _CACHED_NO_EXIST)
        info = scan_cache_dir(cache)
        print(len(info.warnings), sorted(r.repo_id for r in info.repos), [sorted(v.refs) for r in info.repos for v in r.revisions])
        """;

    private const string PythonDownloads = """
        import sys
        from huggingface_hub import hf_hub_download
        for file in ("config.json", "model.safetensors"):
            hf_hub_download("org/tiny", file, cache_dir=sys.argv[1])
        try:
            hf_hub_download("org/tiny", "generation_config.json", cache_dir=sys.argv[1])
        except Exception as missing:
            print(type(missing).__name__)
        """;

    [TestMethod]
    [Packaging.NeedsDotNet]
    public async Task TwoProcessesDownloadOnce()
    {
        Hub.AddFolder(TinyBert.Folder);
        // The weights are held back until both processes have asked for them.
        var asked = 0;
        var both = new TaskCompletionSource();
        Hub.Interfere = async (_, seen) =>
        {
            if (seen is { File: "model.safetensors", Method: "HEAD" } && Interlocked.Increment(ref asked) == 2)
                both.SetResult();
            if (seen is { AtStorage: true })
                await both.Task;
            return false;
        };
        var runs = new[] { "one", "two" }.Select(name => Start("dotnet", TrainingRunProcess.Assembly, "model=org/tiny", $"output={this[name]}", "steps=1")).ToList();
        foreach (var run in runs)
        {
            var said = await run.StandardOutput.ReadToEndAsync() + await run.StandardError.ReadToEndAsync();
            await run.WaitForExitAsync();
            Assert.Contains("ended 1", said);
            run.Dispose();
        }
        Assert.HasCount(1, Hub.Requests.Where(r => r.AtStorage));
        Assert.AreEqual(2, Contents);
    }

    [TestMethod]
    public async Task PythonReadsWhatIsFetchedHere()
    {
        RequirePython();
        AddModel(1000);
        Fetch();
        var lines = (await Python(PythonReads)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.AreEqual(new[] { """{ "model_type": "bert" }""", "1000", "True", "0 ['org/tiny'] [['main']]" }, lines);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task WhatPythonFetchesIsReadHere(bool links)
    {
        RequirePython();
        var weights = AddModel(1000);
        Assert.AreEqual("RemoteEntryNotFoundError", (await Python(PythonDownloads, links)).Trim());
        var before = Hub.Requests.Count;
        var folder = Fetch(Options with { LocalFilesOnly = true });
        CollectionAssert.AreEqual(weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.AreEqual(before, Hub.Requests.Count);
        Fetch();
        Assert.AreEqual(before + 1, Hub.Requests.Count, "what Python found missing is not asked for again");
    }

    private async Task<string> Python(string program, bool links = true)
    {
        using var python = Start("python3", "-c", program, Cache, links ? "" : "no-links");
        var (said, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();
        Assert.AreEqual(0, python.ExitCode, await errors);
        return await said;
    }

    // Where PYTHONPATH or the system's own packages have it.
    private void RequirePython()
    {
        try
        {
            using var python = Start("python3", "-c", "import huggingface_hub");
            python.WaitForExit();
            if (python.ExitCode == 0)
                return;
        }
        catch (System.ComponentModel.Win32Exception)
        {
        }
        Assert.Inconclusive("there is no python3 with huggingface_hub here: set PYTHONPATH to one");
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("HF_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["HF_HUB_CACHE"] = Cache;
        start.Environment["HF_HOME"] = this["home"];
        start.Environment["HF_ENDPOINT"] = Hub.Address.ToString().TrimEnd('/');
        start.Environment["HF_HUB_DISABLE_SYMLINKS"] = arguments.Contains("no-links") ? "1" : "0";
        start.Environment["HF_HUB_ETAG_TIMEOUT"] = start.Environment["HF_HUB_DOWNLOAD_TIMEOUT"] = "600";
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }
}
