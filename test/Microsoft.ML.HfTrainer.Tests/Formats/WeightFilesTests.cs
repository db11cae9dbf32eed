using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

[TestClass]
public sealed class WeightFilesTests
{
    [TestMethod]
    public void OneFileIsPreferredToAnIndex()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["model.safetensors"], [SafetensorsBytes.Tensor("t", SafetensorsDType.U8, [2], 2)]);
        File.WriteAllText(folder["model.safetensors.index.json"], "no JSON");

        using var weights = WeightFiles.Open(folder.Path);

        Assert.AreEqual("t", string.Join(',', weights.Names));
        Assert.HasCount(1, weights.Entries);
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, weights.GetBytes("t").ToArray());
        Assert.AreEqual(2, weights.GetBytes("t", 1, 1)[0]);
    }

    [TestMethod]
    public void AFileOfASplitModelIsOpenedWhenItIsNeeded()
    {
        using TemporaryFolder folder = SplitModel();
        File.WriteAllText(folder["2.safetensors"], "broken");

        using var weights = WeightFiles.Open(folder.Path);

        Assert.AreEqual("b,a", string.Join(',', weights.Names));
        CollectionAssert.AreEqual(new byte[] { 1 }, weights.GetBytes("a").ToArray());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => { _ = weights.GetBytes("b"); }).Message, "2.safetensors");
    }

    [TestMethod]
    public void EntriesAreThoseOfTheIndexFileByFile()
    {
        using TemporaryFolder folder = SplitModel();
        using var weights = WeightFiles.Open(folder.Path);
        Assert.AreEqual("a U8 [1],b F16 [1]", string.Join(',', weights.Entries.Values));
        Assert.ThrowsExactly<KeyNotFoundException>(() => { _ = weights.GetBytes("extra"); });
    }

    [TestMethod]
    public void AnIndexThatDoesNotFitItsFilesIsRefused()
    {
        using TemporaryFolder folder = SplitModel();
        SafetensorsWriter.Write(folder["2.safetensors"], [SafetensorsBytes.Tensor("other", SafetensorsDType.U8, [1], 1)]);
        using (var weights = WeightFiles.Open(folder.Path))
        {
            string message = Assert.ThrowsExactly<InvalidDataException>(() => weights.Entries).Message;
            StringAssert.Contains(message, "tensor \"b\" to \"2.safetensors\", which does not hold it");
        }

        File.Delete(folder["2.safetensors"]);
        string incomplete = Assert.ThrowsExactly<InvalidDataException>(() => WeightFiles.Open(folder.Path)).Message;
        StringAssert.Contains(incomplete, "1 of the 2 files");
        StringAssert.Contains(incomplete, "\"2.safetensors\"");
    }

    [TestMethod]
    public void AFolderWithoutWeightsSaysWhatWasLookedFor()
    {
        using var folder = new TemporaryFolder();
        string message = Assert.ThrowsExactly<FileNotFoundException>(() => WeightFiles.Open(folder.Path)).Message;
        StringAssert.Contains(message, folder.Path);
        StringAssert.Contains(message, "neither model.safetensors nor model.safetensors.index.json");
        StringAssert.Contains(message, "pytorch_model.bin.index.json");

        StringAssert.Contains(Assert.ThrowsExactly<DirectoryNotFoundException>(() => WeightFiles.Open(folder["gone"])).Message, folder["gone"]);
    }

    [TestMethod]
    public void NothingIsOpenedAfterDisposal()
    {
        using TemporaryFolder folder = SplitModel();
        var weights = WeightFiles.Open(folder.Path);
        weights.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => { _ = weights.GetBytes("a"); });
    }

    private static TemporaryFolder SplitModel()
    {
        var folder = new TemporaryFolder();
        SafetensorsWriter.Write(
            folder["1.safetensors"],
            [SafetensorsBytes.Tensor("a", SafetensorsDType.U8, [1], 1), SafetensorsBytes.Tensor("extra", SafetensorsDType.U8, [1], 1)]);
        SafetensorsWriter.Write(folder["2.safetensors"], [SafetensorsBytes.Tensor("b", SafetensorsDType.F16, [1], 2)]);
        File.WriteAllText(folder["model.safetensors.index.json"], "{\"weight_map\":{\"b\":\"2.safetensors\",\"a\":\"1.safetensors\"}}");
        return folder;
    }
}
