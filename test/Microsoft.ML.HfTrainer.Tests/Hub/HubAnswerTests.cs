using System.Net;
using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>What the hub may answer besides a file, and that it may not answer.</summary>
[TestClass]
public sealed class HubAnswerTests : HubTest
{
    [TestMethod]
    public void AConnectionThatIsNotOpenedInTimeIsTriedAgainAndReported()
    {
        var tries = 0;
        var settings = Settings with
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(20),
            Retries = 2,
            Connect = async (_, cancellation) =>
            {
                Interlocked.Increment(ref tries);
                await Task.Delay(Timeout.Infinite, cancellation);
                throw new InvalidOperationException();
            },
        };
        Assert.Contains("no connection could be opened", Refused(Options with { Settings = settings }).Message);
        Assert.AreEqual(1 + settings.Retries, tries);
    }

    [TestMethod]
    [DataRow(401, "RepoNotFound", "no repository 'org/tiny', or it is private")]
    [DataRow(401, null, "HF_TOKEN")]
    [DataRow(403, "GatedRepo", "accept its terms")]
    [DataRow(403, null, "Access is refused")]
    [DataRow(404, "RevisionNotFound", "no branch, tag or commit")]
    [DataRow(404, null, "no repository 'org/tiny', no revision 'main'")]
    [DataRow(429, null, "Too many requests")]
    [DataRow(500, null, "fault of its own")]
    [DataRow(418, null, "status 418")]
    public void ARefusalNamesRepositoryFileStatusAndWhatToDo(int status, string? code, string expected)
    {
        AddModel();
        Hub.Interfere = (context, _) =>
        {
            LocalHub.Refuse(context, status, code);
            context.Response.Headers["X-Error-Message"] = "said so";
            return Task.FromResult(true);
        };
        var failure = Refused();
        Assert.AreEqual(((HttpStatusCode?)status, "org/tiny", "config.json"), (failure.StatusCode, failure.Repository, failure.File));
        foreach (var part in new[] { "'org/tiny'", "\"config.json\"", $"status {status}", expected, "\"said so\"" })
            Assert.Contains(part, failure.Message);
    }

    [TestMethod]
    public void AnInvalidTokenIsSaidToBeInvalid()
    {
        Hub.Interfere = (context, _) =>
        {
            LocalHub.Refuse(context, 401, null);
            return Task.FromResult(true);
        };
        var failure = Refused(Options with { Token = "hf_secret" });
        Assert.Contains("token is not valid", failure.Message);
        Assert.DoesNotContain("hf_secret", failure.Message);
    }

    [TestMethod]
    public void ARepositoryWithoutConfigurationOrWeightsIsExplained()
    {
        Hub.Add("README.md", "hello");
        Assert.Contains("has no config.json", Refused().Message);
        Assert.Contains("has no tokenizer.json", Refused(manifest: ModelManifest.Tokenizer).Message);
        Hub.Head = "f" + LocalHub.Commit[1..];
        Hub.Add("config.json", "{}");
        Assert.Contains("pytorch_model.bin.index.json", Refused().Message);
        Hub.Head = "e" + LocalHub.Commit[1..];
        Hub.Add("model.safetensors.index.json", """{ "weight_map": { "a": "a.safetensors" } }""");
        Assert.Contains("has no a.safetensors. The index model.safetensors.index.json names it", Refused().Message);
    }

    [TestMethod]
    [DataRow(500)]
    [DataRow(503)]
    [DataRow(429)]
    [DataRow(408)]
    public void PassingFaultsAreWaitedFor(int status)
    {
        AddModel();
        var faults = new Dictionary<SeenRequest, int>();
        Hub.Interfere = (context, seen) =>
        {
            var count = faults[seen] = faults.GetValueOrDefault(seen) + 1;
            if (count <= 2)
                LocalHub.Refuse(context, status, null);
            return Task.FromResult(count <= 2);
        };
        Fetch();
        Assert.IsTrue(File.Exists(Snapshot("model.safetensors")));
    }

    [TestMethod]
    public void AWaitThatIsTooLongIsNotWaitedFor()
    {
        AddModel();
        Hub.Interfere = (context, _) =>
        {
            LocalHub.Refuse(context, 429, null);
            context.Response.Headers.RetryAfter = "86400";
            return Task.FromResult(true);
        };
        Assert.Contains("asks to wait 86400 s", Refused().Message);
        Assert.HasCount(1, Hub.Requests);
    }

    [TestMethod]
    public void TheTokenGoesToTheHubAlone()
    {
        AddModel();
        Hub.IsPrivate = true;
        Refused();
        Hub.Requests.Clear();
        Fetch(Options with { Token = LocalHub.Token });
        Assert.IsTrue(Hub.Requests.Where(r => !r.AtStorage).All(r => r.Authorization == $"Bearer {LocalHub.Token}"));
        var storage = Hub.Requests.Where(r => r.AtStorage).ToList();
        Assert.HasCount(1, storage);
        Assert.IsNull(storage[0].Authorization);
    }

    [TestMethod]
    public void TheTokenIsNotPrinted()
    {
        var options = new FromPretrainedOptions { Token = "hf_secret", Revision = "v2", NumLabels = 3 };
        Assert.DoesNotContain("hf_secret", options.ToString());
        Assert.Contains("v2", options.ToString());
        Assert.Contains("NumLabels = 3", options.ToString());
        Assert.DoesNotContain("two\nlines", Assert.ThrowsExactly<ArgumentException>(() => Fetch(Options with { Token = "two\nlines" })).Message);
    }

    [TestMethod]
    [DataRow("file:///etc/passwd", "file")]
    [DataRow("/org/tiny/resolve/main/config.json", "11th")]
    public void ARedirectThatLeadsNowhereIsNotFollowed(string location, string expected)
    {
        AddModel();
        Hub.Interfere = (context, seen) =>
        {
            if (seen is { Method: "HEAD" } && location.StartsWith("file", StringComparison.Ordinal))
                return Task.FromResult(false);
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location;
            return Task.FromResult(true);
        };
        Assert.Contains(expected, Refused().Message);
    }

    [TestMethod]
    public void ARedirectWithinTheHubIsFollowed()
    {
        AddModel();
        Hub.Interfere = (context, seen) =>
        {
            if (context.Request.Query.ContainsKey("moved") || seen.AtStorage)
                return Task.FromResult(false);
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"{context.Request.Path}?moved=1";
            return Task.FromResult(true);
        };
        Fetch(Options with { Token = LocalHub.Token });
        Assert.IsTrue(Hub.Requests.Where(r => !r.AtStorage).All(r => r.Authorization == $"Bearer {LocalHub.Token}"));
        Assert.HasCount(2, Hub.For("config.json", "HEAD"));
    }

    [TestMethod]
    [DataRow("X-Repo-Commit", null)]
    [DataRow("X-Repo-Commit", "../../../evil")]
    [DataRow("X-Repo-Commit", "main")]
    [DataRow("ETag", null)]
    [DataRow("ETag", "\"../../evil\"")]
    [DataRow("ETag", "\"a\\\\b\"")]
    [DataRow("ETag", "\"nul\"")]
    [DataRow("ETag", "\"..\"")]
    public void AnAnswerThatNoHubGivesIsRefused(string header, string? value)
    {
        Hub.Interfere = (context, _) =>
        {
            context.Response.Headers["X-Repo-Commit"] = LocalHub.Commit;
            context.Response.Headers.ETag = "\"plain\"";
            if (value is null)
                context.Response.Headers.Remove(header);
            else
                context.Response.Headers[header] = value;
            return Task.FromResult(true);
        };
        Assert.Contains(header, Refused().Message);
        Assert.IsFalse(Directory.Exists(Cached("blobs")));
    }

    [TestMethod]
    public void WithoutTheHubTheCachedCopyIsUsed()
    {
        AddModel();
        var folder = Fetch();
        Lines.Clear();
        Hub.Interfere = (context, _) =>
        {
            LocalHub.Refuse(context, 503, null);
            return Task.FromResult(true);
        };
        var before = Hub.Requests.Count;
        Assert.AreEqual(folder, Fetch());
        Assert.AreEqual(before + 1, Hub.Requests.Count, "where there is a copy, nothing is waited for");
        Assert.Contains("The cached copy of 'org/tiny' is used", string.Join('\n', Lines));
        var dead = Options with { Settings = Settings with { Endpoint = new("http://127.0.0.1:9") } };
        Assert.AreEqual(folder, Fetch(dead));
    }

    [TestMethod]
    public void WhatTheCachedCopyLacksIsWaitedFor()
    {
        AddModel();
        Fetch(manifest: ModelManifest.Configuration);
        var faults = 3;
        Hub.Interfere = (context, _) =>
        {
            if (faults-- <= 0)
                return Task.FromResult(false);
            LocalHub.Refuse(context, 503, null);
            return Task.FromResult(true);
        };
        Assert.IsTrue(File.Exists(Path.Combine(Fetch(), "model.safetensors")));
    }

    [TestMethod]
    public void WithoutTheHubAndACopyTheErrorSaysSo()
    {
        var failure = Refused(Options with { Settings = Settings with { Endpoint = new("http://127.0.0.1:9"), Retries = 1 } });
        foreach (var part in new[] { "'org/tiny'", "http://127.0.0.1:9", "cannot be reached", "HF_HUB_CACHE" })
            Assert.Contains(part, failure.Message);
        Assert.IsNull(failure.StatusCode);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void OfflineOnlyTheCacheIsLookedAt(bool byEnvironment)
    {
        AddModel();
        var options = byEnvironment ? Options with { Settings = Settings with { Offline = true } } : Options with { LocalFilesOnly = true };
        var failure = Refused(options);
        foreach (var part in new[] { "The model 'org/tiny' is not in the cache", Cache, byEnvironment ? "HF_HUB_OFFLINE" : "LocalFilesOnly", "hf download org/tiny" })
            Assert.Contains(part, failure.Message);
        Assert.IsEmpty(Hub.Requests);
        Fetch(manifest: ModelManifest.Configuration);
        var before = Hub.Requests.Count;
        Assert.Contains("\"model.safetensors\"", Refused(options).Message);
        Assert.AreEqual(Cached("snapshots", LocalHub.Commit), Fetch(options, ModelManifest.Configuration));
        Assert.AreEqual(Cached("snapshots", LocalHub.Commit), Fetch(options with { Revision = LocalHub.Commit }, ModelManifest.Configuration));
        Refused(options with { Revision = "other" }, ModelManifest.Configuration);
        Assert.AreEqual(before, Hub.Requests.Count);
    }
}
