using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>What happens to content on its way.</summary>
[TestClass]
public sealed class TransferTests : HubTest
{
    private const int Size = 300_000;

    [TestMethod]
    public void ABrokenTransferGoesOnWhereItStopped()
    {
        var weights = AddModel(Size);
        var breaks = 3;
        AtStorage(async context =>
        {
            if (breaks-- <= 0)
                return false;
            await LocalHub.Send(context, weights, breakAfter: 60_000);
            return true;
        });
        Fetch();
        AssertWhole(weights);
        var ranges = Hub.For("model.safetensors").Where(r => r.AtStorage).Select(r => r.Range).ToList();
        CollectionAssert.AreEqual(new[] { null, "bytes=60000-", "bytes=120000-", "bytes=180000-" }, ranges);
    }

    [TestMethod]
    public void AServerThatGivesNoPartsBeginsAnew()
    {
        var weights = AddModel(Size);
        var first = true;
        AtStorage(async context =>
        {
            await LocalHub.Send(context, weights, first ? 100_000 : null, ranges: false);
            first = false;
            return true;
        });
        Fetch();
        AssertWhole(weights);
    }

    [TestMethod]
    public void APartFromAnotherPlaceIsNotJoined()
    {
        var weights = AddModel(Size);
        var first = true;
        AtStorage(async context =>
        {
            if (context.Request.Headers.Range.Count > 0)
            {
                context.Response.StatusCode = 206;
                context.Response.Headers.ContentRange = $"bytes 0-{Size - 1}/{Size}";
            }
            await LocalHub.Send(context, weights, first ? 100_000 : null, ranges: false);
            first = false;
            return true;
        });
        Fetch();
        AssertWhole(weights);
    }

    [TestMethod]
    public void ATransferThatNeverGetsOnEnds()
    {
        AddModel(Size);
        AtStorage(context =>
        {
            context.Abort();
            return Task.FromResult(true);
        });
        var failure = Refused();
        Assert.Contains("model.safetensors", failure.Message);
        Assert.Contains("org/tiny", failure.Message);
        Assert.AreEqual(1, Contents, "the configuration is kept, and nothing of the weights");
    }

    [TestMethod]
    public void ATransferThatAlwaysBreaksAtOnePlaceEnds()
    {
        var weights = AddModel(Size);
        AtStorage(async context =>
        {
            await LocalHub.Send(context, weights, breakAfter: 1000, ranges: false);
            return true;
        });
        Assert.Contains("broke off 5 times in a row", Refused().Message);
        Assert.AreEqual(1, Contents);
    }

    [TestMethod]
    public void ATransferThatStandsStillIsBrokenOff()
    {
        var weights = AddModel(Size);
        var first = true;
        AtStorage(async context =>
        {
            if (!first)
                return false;
            first = false;
            context.Response.ContentLength = Size;
            await context.Response.Body.WriteAsync(weights.AsMemory(0, 50_000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        });
        Fetch(Options with { Settings = Settings with { DownloadTimeout = TimeSpan.FromSeconds(1) } });
        AssertWhole(weights);
    }

    [TestMethod]
    public void OtherContentThanAnnouncedIsNotKept()
    {
        var weights = AddModel(Size);
        var (wrong, tries) = ((byte[])weights.Clone(), 0);
        wrong[Size / 2] ^= 1;
        AtStorage(async context =>
        {
            tries++;
            await LocalHub.Send(context, wrong);
            return true;
        });
        var failure = Refused();
        Assert.Contains(LocalHub.Sha256(wrong), failure.Message);
        Assert.Contains(LocalHub.Sha256(weights), failure.Message);
        Assert.AreEqual((2, 1), (tries, Contents));
        Hub.Interfere = (_, _) => Task.FromResult(false);
        Fetch();
        AssertWhole(weights);
    }

    [TestMethod]
    public void GitsHashIsCheckedToo()
    {
        Hub.Add("config.json", """{ "model_type": "bert" }""");
        Hub.Interfere = async (context, seen) =>
        {
            if (seen is not { File: "config.json", Method: "GET" })
                return false;
            await LocalHub.Send(context, """{ "model_type": "evil" }"""u8.ToArray());
            return true;
        };
        Assert.Contains("the hash", Refused().Message);
        Assert.AreEqual(0, Contents);
    }

    [TestMethod]
    [DataRow(true, DisplayName = "the SHA-1 of the bytes")]
    [DataRow(false, DisplayName = "no hash of a known kind")]
    public void AnETagOfAnotherKindDoesNotCondemnAFile(bool isSha1)
    {
        var content = """{ "model_type": "bert" }"""u8.ToArray();
        var etag = isSha1 ? Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(content)) : "d41d8cd98f00b204e9800998ecf8427e-12";
        Hub.Add("config.json", content);
        Hub.Interfere = async (context, seen) =>
        {
            if (seen.File != "config.json")
                return false;
            context.Response.Headers["X-Repo-Commit"] = LocalHub.Commit;
            context.Response.Headers.ETag = $"\"{etag}\"";
            await LocalHub.Send(context, content);
            return true;
        };
        CollectionAssert.AreEqual(content, File.ReadAllBytes(Path.Combine(Fetch(manifest: ModelManifest.Configuration), "config.json")));
        Assert.AreEqual(1, Contents);
    }

    [TestMethod]
    public void ContentOfUnannouncedSizeIsBounded()
    {
        const int Limit = 100_000;
        var sent = 0L;
        Hub.Add("config.json", "{}");
        Hub.Interfere = async (context, seen) =>
        {
            if (seen.File != "config.json")
                return false;
            context.Response.Headers["X-Repo-Commit"] = LocalHub.Commit;
            context.Response.Headers.ETag = "\"unknown\"";
            if (seen.Method != "GET")
                return true;
            for (; sent < 1 << 26 && !context.RequestAborted.IsCancellationRequested; sent += Limit)
                await context.Response.Body.WriteAsync(new byte[Limit]);
            return true;
        };
        Assert.Contains($"{Limit:N0}", Refused(Options with { Settings = Settings with { MaxUnannouncedSize = Limit } }, ModelManifest.Configuration).Message);
        Assert.AreEqual(0, Contents);
    }

    [TestMethod]
    public void MoreThanAnnouncedIsNotTaken()
    {
        var weights = AddModel(Size);
        AtStorage(async context =>
        {
            await LocalHub.Send(context, [.. weights, 1]);
            return true;
        });
        Assert.Contains("more than", Refused().Message);
        Assert.AreEqual(1, Contents);
    }

    private void AtStorage(Func<Microsoft.AspNetCore.Http.HttpContext, Task<bool>> answer) =>
        Hub.Interfere = (context, seen) => seen is { AtStorage: true, Method: "GET" } ? answer(context) : Task.FromResult(false);

    private void AssertWhole(byte[] weights)
    {
        CollectionAssert.AreEqual(weights, File.ReadAllBytes(Snapshot("model.safetensors")));
        Assert.AreEqual(2, Contents, "nothing incomplete is left");
    }
}
