using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer.Tests.Hub;

/// <summary>Names from a user or the hub that become paths in the cache.</summary>
[TestClass]
public sealed class HubNamesTests : HubTest
{
    [TestMethod]
    [DataRow("../main")]
    [DataRow("/etc/passwd")]
    [DataRow("C:evil")]
    [DataRow("nul")]
    [DataRow("")]
    public void ARevisionCannotLeadOutOfTheCache(string revision)
    {
        Assert.ThrowsExactly<InvalidDataException>(() => Fetch(Options with { Revision = revision }));
        Assert.IsEmpty(Hub.Requests);
        Assert.IsFalse(Directory.Exists(Cache));
    }

    [TestMethod]
    [DataRow("../../evil.safetensors")]
    [DataRow("/tmp/evil.safetensors")]
    [DataRow("..\\evil.safetensors")]
    [DataRow("C:evil.safetensors")]
    [DataRow("nul.safetensors")]
    public void AnIndexCannotNameWhatIsElsewhere(string file)
    {
        Hub.Add("config.json", "{}").Add("model.safetensors.index.json", $$"""{ "weight_map": { "a": "{{file.Replace("\\", "\\\\")}}" } }""").Add(file, "evil");
        Assert.ThrowsExactly<InvalidDataException>(() => Fetch());
        Assert.AreEqual(2, Contents);
    }

    [TestMethod]
    [NeedsLinks]
    [DataRow("snapshots")]
    [DataRow("snapshots/" + LocalHub.Commit)]
    [DataRow("refs")]
    public void NothingIsWrittenThroughALink(string folder)
    {
        AddModel();
        Directory.CreateDirectory(this["elsewhere"]);
        Directory.CreateDirectory(Path.GetDirectoryName(Cached(folder))!);
        Directory.CreateSymbolicLink(Cached(folder), this["elsewhere"]);
        Assert.Contains(this["elsewhere"], Assert.ThrowsExactly<InvalidDataException>(() => Fetch()).Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(this["elsewhere"]));
    }

    [TestMethod]
    [NeedsLinks]
    public void ACacheOnAnotherDiskIsUsedThroughItsLink()
    {
        AddModel();
        Directory.CreateDirectory(this["disk"]);
        Directory.CreateSymbolicLink(Cache, this["disk"]);
        Fetch();
        Assert.IsTrue(File.Exists(Path.Combine(this["disk"], "models--org--tiny", "snapshots", LocalHub.Commit, "model.safetensors")));
    }

    [TestMethod]
    [DataRow("bert-base-uncased")]
    [DataRow("org/name")]
    [DataRow("Foo-BAR_foo.bar123/x")]
    [DataRow("_private/a")]
    public void IdsOfRepositories(string text)
    {
        Assert.IsTrue(RepositoryId.TryParse(text, out var id, out _));
        Assert.AreEqual(id, RepositoryId.OfFolder(id.FolderName));
    }

    [TestMethod]
    [DataRow("./nowhere/at/all")]
    [DataRow("a/b/c")]
    [DataRow("/absolute")]
    [DataRow("../up")]
    [DataRow("..")]
    [DataRow("a/..")]
    [DataRow(".hidden")]
    [DataRow("ends-")]
    [DataRow("a--b")]
    [DataRow("a..b")]
    [DataRow("x.git")]
    [DataRow("C:\\models")]
    [DataRow("with space")]
    [DataRow("line\n")]
    [DataRow("ünï")]
    [DataRow("org/")]
    [DataRow("a123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void WhatIsNeitherFolderNorIdIsExplained(string text)
    {
        Assert.IsFalse(RepositoryId.TryParse(text, out _, out _));
        var failure = Assert.ThrowsExactly<DirectoryNotFoundException>(() => ModelFolder.Resolve(text == ".." || text == "a/.." ? text + "x" : text, Options));
        Assert.Contains("not a folder", failure.Message);
        Assert.Contains("not an id on the Hugging Face hub: an id", failure.Message);
        Assert.IsEmpty(Hub.Requests);
    }
}
