using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

[TestClass]
public sealed class WholeFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder["checkpoint-8"];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void What_is_written_is_whole_and_replaces_what_was_there()
    {
        Write("old");
        Write("new");
        AssertHolds("new");
    }

    [TestMethod]
    public void What_cannot_be_written_leaves_what_was_there()
    {
        Write("old");
        Assert.ThrowsExactly<IOException>(() => WholeFolder.Write(Target, folder =>
        {
            File.WriteAllText(Path.Combine(folder, "file"), "ne");
            throw new IOException("full");
        }));
        AssertHolds("old");
    }

    // A kill between the two renames.
    [TestMethod]
    public void A_new_one_that_is_whole_takes_its_place()
    {
        Write("old");
        Directory.Move(Target, _folder[".checkpoint-8.replaced"]);
        MakeUnfinished("new", whole: true);
        StringAssert.Contains(WholeFolder.Recover(_folder.Path).Single(), Target);
        AssertHolds("new");
    }

    [TestMethod]
    public void The_old_one_comes_back_where_the_new_one_is_not_whole()
    {
        Write("old");
        Directory.Move(Target, _folder[".checkpoint-8.replaced"]);
        MakeUnfinished("new", whole: false);
        WholeFolder.Recover(_folder.Path);
        AssertHolds("old");
    }

    [TestMethod]
    public void Leftovers_of_every_kind_are_removed_and_nothing_else()
    {
        Write("old");
        MakeUnfinished("new", whole: true);
        foreach (var name in new[] { ".checkpoint-8.replaced", ".checkpoint-6.discarded", ".checkpoint-7.unfinished", ".checkpoint-notes", "checkpoint-8.unfinished" })
            Directory.CreateDirectory(_folder[name]);
        Assert.HasCount(3, WholeFolder.Recover(_folder.Path));
        CollectionAssert.AreEquivalent(new[] { "checkpoint-8", ".checkpoint-notes", "checkpoint-8.unfinished" }, Directory.GetDirectories(_folder.Path).Select(Path.GetFileName).ToList());
        Assert.AreEqual("old", File.ReadAllText(Path.Combine(Target, "file")));
    }

    [TestMethod]
    public void A_discarded_one_is_gone()
    {
        Write("old");
        WholeFolder.Discard(Target);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private void Write(string text) => WholeFolder.Write(Target, folder => File.WriteAllText(Path.Combine(folder, "file"), text));

    private void MakeUnfinished(string text, bool whole)
    {
        var unfinished = Directory.CreateDirectory(_folder[".checkpoint-8.unfinished"]).FullName;
        File.WriteAllText(Path.Combine(unfinished, "file"), text);
        CheckpointManifest.Write(unfinished);
        if (!whole)
            File.WriteAllText(Path.Combine(unfinished, "file"), text[..^1]);
    }

    private void AssertHolds(string text)
    {
        Assert.AreEqual("checkpoint-8", string.Join(',', Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName)));
        Assert.AreEqual(text, File.ReadAllText(Path.Combine(Target, "file")));
        Assert.IsNull(CheckpointVerification.FindDamage(Target));
    }
}
