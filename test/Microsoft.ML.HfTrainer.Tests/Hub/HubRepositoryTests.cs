using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>What is asked for and where it is put.</summary>
[TestClass]
public sealed class HubRepositoryTests : HubTest
{
    [TestMethod]
    [NeedsLinks]
    public void AModelIsLaidOutAsPythonLaysItOut()
    {
        var weights = AddModel();
        var hash = LocalHub.Sha256(weights);
        var folder = Fetch();
        Assert.AreEqual(Cached("snapshots", LocalHub.Commit), folder);
        Assert.AreEqual(LocalHub.Commit, File.ReadAllText(Cached("refs", "main")));
        CollectionAssert.AreEqual(weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        CollectionAssert.AreEqual(weights, File.ReadAllBytes(Cached("blobs", hash)));
        Assert.AreEqual(Path.Combine("..", "..", "blobs", hash), new FileInfo(Snapshot("model.safetensors")).LinkTarget);
        Assert.IsTrue(File.Exists(Cached(".no_exist", LocalHub.Commit, "generation_config.json")));
        Assert.IsTrue(File.Exists(Path.Combine(Cache, ".locks", "models--org--tiny", $"{hash}.lock")));
        Assert.IsTrue(File.Exists(Path.Combine(Cache, "CACHEDIR.TAG")));
        CollectionAssert.AreEquivalent(new[] { hash, LocalHub.GitHash("""{ "model_type": "bert" }"""u8.ToArray()) }, Blobs.ToArray());
    }

    [TestMethod]
    public void WhatIsThereIsNotAskedForAgain()
    {
        AddModel();
        Fetch();
        var before = Hub.Requests.Count;
        Fetch();
        Assert.AreEqual(before + 1, Hub.Requests.Count, "the hub is asked once what 'main' stands for");
        Fetch(Options with { Revision = LocalHub.Commit });
        Assert.AreEqual(before + 1, Hub.Requests.Count, "a commit's files never change");
    }

    [TestMethod]
    [NeedsLinks]
    public void ANewCommitBringsWhatChangedAlone()
    {
        AddModel();
        var old = Fetch();
        Hub.Head = "f" + LocalHub.Commit[1..];
        Hub.Add("config.json", """{ "model_type": "bert", "new": 1 }""");
        var folder = Fetch();
        Assert.AreNotEqual(old, folder);
        Assert.AreEqual(Hub.Head, File.ReadAllText(Cached("refs", "main")));
        Assert.HasCount(1, Hub.For("model.safetensors").Where(r => r.AtStorage), "the weights are the same content");
        Assert.Contains("new", File.ReadAllText(Path.Combine(folder, "config.json")));
        Assert.AreEqual(old, Fetch(Options with { Revision = LocalHub.Commit }));
    }

    [TestMethod]
    public void ASplitModelIsFetchedByItsIndexAndPicklesAreLeft()
    {
        Hub.Add("config.json", "{}").Add("model.safetensors.index.json", """{ "weight_map": { "a": "a.safetensors", "b": "b.safetensors" } }""")
            .Add("a.safetensors", [1], large: true).Add("b.safetensors", [2], large: true).Add("pytorch_model.bin", [3], large: true).Add("c.safetensors", [4], large: true);
        var folder = Fetch();
        CollectionAssert.AreEquivalent(
            new[] { "a.safetensors", "b.safetensors", "config.json", "model.safetensors.index.json" }, Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).ToArray());
    }

    [TestMethod]
    public void PicklesAreFetchedWhereThereIsNothingElse()
    {
        Hub.Add("config.json", "{}").Add("pytorch_model.bin", [3], large: true);
        Assert.IsTrue(File.Exists(Path.Combine(Fetch(), "pytorch_model.bin")));
    }

    [TestMethod]
    public void ATokenizerBringsNoWeights()
    {
        AddModel();
        Hub.Add("vocab.txt", "[UNK]\n").Add("tokenizer_config.json", "{}");
        var folder = Fetch(manifest: ModelManifest.Tokenizer);
        CollectionAssert.AreEquivalent(new[] { "config.json", "tokenizer_config.json", "vocab.txt" }, Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).ToArray());
        Assert.IsTrue(File.Exists(Path.Combine(Fetch(), "model.safetensors")), "the weights come when they are needed");
    }

    [TestMethod]
    public void ATokenizerNeedsNoConfiguration()
    {
        Hub.Add("tokenizer.json", "{}");
        Assert.IsTrue(File.Exists(Path.Combine(Fetch(manifest: ModelManifest.Tokenizer), "tokenizer.json")));
    }

    [TestMethod]
    public void WithoutLinksFilesAreTheContent()
    {
        var weights = AddModel();
        var options = Options with { Settings = Settings with { Links = false } };
        Fetch(options);
        Hub.Head = "f" + LocalHub.Commit[1..];
        Fetch(options);
        foreach (var commit in new[] { LocalHub.Commit, Hub.Head })
        {
            Assert.IsNull(new FileInfo(Snapshot("model.safetensors", commit)).LinkTarget);
            CollectionAssert.AreEqual(weights, File.ReadAllBytes(Snapshot("model.safetensors", commit)));
        }
        Assert.IsEmpty(Directory.GetFiles(Cached("snapshots"), "*.incomplete", SearchOption.AllDirectories));
    }

    [TestMethod]
    [NeedsLinks]
    public void ALinkWhoseContentIsGoneIsMadeAgain()
    {
        var weights = AddModel();
        Fetch();
        File.Delete(Cached("blobs", LocalHub.Sha256(weights)));
        Fetch();
        CollectionAssert.AreEqual(weights, File.ReadAllBytes(Snapshot("model.safetensors")));
    }

    [TestMethod]
    public void ProgressIsTold()
    {
        AddModel(3_000_000);
        var told = new List<DownloadProgress>();
        Fetch(Options with { Progress = new Progress(told.Add) });
        var weights = told.Where(p => p.File == "model.safetensors").ToList();
        Assert.AreEqual((0, 3_000_000), (weights[0].Received, weights[0].Size));
        Assert.AreEqual((3_000_000, "org/tiny"), (weights[^1].Received, weights[^1].Repository));
        CollectionAssert.AreEqual(weights.Select(p => p.Received).Order().ToList(), weights.Select(p => p.Received).ToList());
        Assert.Contains("Downloaded model.safetensors of 'org/tiny'.", Lines);
    }

    [TestMethod]
    public void ATerminalsLineIsWrittenOver()
    {
        var output = new StringWriter { NewLine = "\n" };
        using (var line = new DownloadLine(output, 40))
        {
            line.Report(new("org/tiny", "model.safetensors", 1_500_000, 3_000_000));
            line.Report(new("org/tiny", "b", 0, 1_000_000));
        }
        Assert.AreEqual("\rorg/tiny: model.safetensors, 1.5 of 3.0\rorg/tiny: 2 files, 1.5 of 4.0 MB       \n", output.ToString());
    }

    [TestMethod]
    public void ACancelledDownloadLeavesNothingBehind()
    {
        AddModel();
        using var cancel = new CancellationTokenSource();
        var options = Options with
        {
            CancellationToken = cancel.Token,
            Progress = new Progress(p =>
            {
                if (p.File == "model.safetensors")
                    cancel.Cancel();
            }),
        };
        try
        {
            Fetch(options);
            Assert.Fail("it went on");
        }
        catch (OperationCanceledException)
        {
        }
        Assert.AreEqual(1, Contents);
        Fetch();
    }

    [TestMethod]
    public async Task ADownloadOfAnotherProcessIsWaitedFor()
    {
        var weights = AddModel();
        var folder = Path.Combine(Cache, ".locks", "models--org--tiny");
        Directory.CreateDirectory(folder);
        var waiting = new TaskCompletionSource();
        Task<string> fetch;
        using (new FileStream(Path.Combine(folder, $"{LocalHub.Sha256(weights)}.lock"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            fetch = Task.Run(() => Fetch(Options with
            {
                Log = line =>
                {
                    if (line.Contains("another process"))
                        waiting.SetResult();
                },
            }));
            await Task.WhenAny(fetch, waiting.Task);
            Assert.IsFalse(fetch.IsCompleted);
            // The other process ends with the content in its place.
            Directory.CreateDirectory(Cached("blobs"));
            File.WriteAllBytes(Cached("blobs", LocalHub.Sha256(weights)), weights);
        }
        Assert.IsTrue(File.Exists(Path.Combine(await fetch, "model.safetensors")));
        Assert.IsEmpty(Hub.For("model.safetensors"));
    }

    private sealed class Progress(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        private readonly Lock _lock = new();

        public void Report(DownloadProgress value)
        {
            lock (_lock)
                report(value);
        }
    }
}
