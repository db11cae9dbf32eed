using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Formats.Torch;
using Microsoft.ML.HfTrainer.Tests.Formats.Pickle;

namespace Microsoft.ML.HfTrainer.Tests.Formats.Torch;

[TestClass]
public sealed class TorchFileTests : IDisposable
{
    private static readonly float[] _values = [0, 1, 2, 3, 4, 5];

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder["file.pt"];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(1, new[] { 2, 2 }, new[] { 2, 1 }, new float[] { 1, 2, 3, 4 })]
    [DataRow(0, new[] { 3, 2 }, new[] { 1, 3 }, new float[] { 0, 3, 1, 4, 2, 5 })]
    [DataRow(5, new int[0], new int[0], new float[] { 5 })]
    [DataRow(2, new[] { 3 }, new[] { 0 }, new float[] { 2, 2, 2 })]
    [DataRow(6, new[] { 0, 4 }, new[] { 4, 1 }, new float[0])]
    public void ViewsAreGathered(int offset, int[] shape, int[] strides, float[] expected)
    {
        Save(new PickleBytes().Tensor(6, offset, shape, strides).Stop());
        using var file = TorchFile.Open(FilePath);
        var tensor = (TorchTensor)file.Root!;
        CollectionAssert.AreEqual(expected, MemoryMarshal.Cast<byte, float>(file.GetBytes(tensor, 0, expected.Length * 4)).ToArray());
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], MemoryMarshal.Read<float>(file.GetBytes(tensor, i * 4, 4)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => { file.GetBytes(tensor, 0, (expected.Length + 1) * 4); });
    }

    [TestMethod]
    [DataRow(7, 0, new[] { 6 }, new[] { 1 }, "ask for 28")]
    [DataRow(6, 1, new[] { 6 }, new[] { 1 }, "does not lie within")]
    [DataRow(6, -1, new[] { 2 }, new[] { 1 }, "is impossible")]
    [DataRow(6, 0, new[] { -2 }, new[] { 1 }, "is impossible")]
    [DataRow(6, 0, new[] { 2 }, new[] { -1 }, "is impossible")]
    [DataRow(6, 0, new[] { 2 }, new[] { 1, 1 }, "is impossible")]
    [DataRow(6, 0, new[] { int.MaxValue, int.MaxValue, int.MaxValue }, new[] { 0, 0, 0 }, "overflows")]
    [DataRow(6, 0, new[] { int.MaxValue }, new[] { 0 }, "does not lie within")]
    [DataRow(6, 0, new[] { 2, 2 }, new[] { int.MaxValue, 1 }, "does not lie within")]
    public void ViewsBeyondTheirStorageAreRefused(int length, int offset, int[] shape, int[] strides, string why)
    {
        Save(new PickleBytes().Tensor(length, offset, shape, strides).Stop());
        AssertRefused(why);
    }

    [TestMethod]
    [DataRow("posix", "system")]
    [DataRow("builtins", "eval")]
    [DataRow("torch", "load")]
    [DataRow("numpy", "fromfile")]
    [DataRow("torch.storage", "_load_from_bytes")]
    public void NamesThatAreNotDataAreRefused(string module, string name)
    {
        Save(new PickleBytes().Global(module, name).Op(")R").Stop());
        AssertRefused($"{module}.{name}");
    }

    [TestMethod]
    public void WhatIsNotThereOrOfNoKindIsRefused()
    {
        Save(new PickleBytes().Tensor(6, 0, [2], [1]).Stop(), storage: []);
        AssertRefused("storage \"0\" is not in the archive");
        Save(new PickleBytes().Text("no storage").Op("Q").Stop());
        AssertRefused("is no storage");
        Save(new PickleBytes().Tensor(6, 0, [2], [1], "OrderedDict").Stop());
        AssertRefused("torch.OrderedDict");
        File.WriteAllText(FilePath, "no file of torch.save");
        AssertRefused("cannot be read");
        File.WriteAllBytes(FilePath, []);
        AssertRefused("cannot be read");
    }

    [TestMethod]
    public void CompressedFilesAreRefusedWhateverTheyWouldGrowTo()
    {
        using (var archive = ZipFile.Open(FilePath, ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("file/data.pkl", CompressionLevel.SmallestSize).Open())
            entry.Write(new byte[10_000_000]);
        AssertRefused("compressed");
    }

    [TestMethod]
    public void NoTruncatedFileIsRead()
    {
        Save(new PickleBytes().Tensor(6, 0, [6], [1]).Stop());
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.ThrowsExactly<InvalidDataException>(() => TorchFile.Open(FilePath), $"{length} of {whole.Length} bytes");
        }
    }

    [TestMethod]
    public void ADamagedByteIsFoundByItsChecksumOrDoesNoHarm()
    {
        Save(new PickleBytes().Tensor(6, 0, [6], [1]).Stop());
        TorchFile.Verify(FilePath);
        var whole = File.ReadAllBytes(FilePath);
        var data = whole.AsSpan().IndexOf(MemoryMarshal.AsBytes<float>(_values));
        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= 0x10;
            File.WriteAllBytes(FilePath, damaged);
            if (i >= data && i < data + 24)
                StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => TorchFile.Verify(FilePath)).Message, "checksum");
            else
                AssertReadsOrRefuses(i);
        }
    }

    [TestMethod]
    public void ReadsTheFormOfBeforePyTorch16()
    {
        var file = LegacyFile.OfOneTensor();
        File.WriteAllBytes(FilePath, file);
        using (var read = TorchFile.Open(FilePath))
            CollectionAssert.AreEqual(new float[] { 1, 3, 5 }, MemoryMarshal.Cast<byte, float>(read.GetBytes((TorchTensor)read.Root!, 0, 12)).ToArray());
        File.WriteAllBytes(FilePath, file[..^1]);
        AssertRefused("does not lie within the file");
    }

    [TestMethod]
    public void AViewOfAStorageIsAPartOfIt()
    {
        File.WriteAllBytes(FilePath, LegacyFile.OfAView());
        using (var read = TorchFile.Open(FilePath))
            CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, MemoryMarshal.Cast<byte, float>(read.GetBytes((TorchTensor)read.Root!, 0, 12)).ToArray());
        foreach (var (start, length) in new[] { (4, 3), (-1, 2), (1, -1) })
        {
            File.WriteAllBytes(FilePath, LegacyFile.OfAView(start, length));
            AssertRefused("does not lie within storage");
        }
    }

    [TestMethod]
    public void WhatIsNoTensorInAFileOfWeightsIsNamedApart()
    {
        Save(new PickleBytes().Op("}").Text("w").Tensor(6, 0, [6], [1]).Op("s").Stop());
        using (var weights = TorchWeights.Open(FilePath))
            Assert.AreEqual("w F32 [6]", string.Join(',', weights.Entries.Values));
        Save(new PickleBytes().Op("}").Text("w").Number(1).Op("s").Stop());
        using (var weights = TorchWeights.Open(FilePath))
        {
            Assert.IsEmpty(weights.Entries);
            CollectionAssert.AreEqual(new[] { "w" }, weights.Others.ToList());
        }
        Save(new PickleBytes().Op("]").Stop());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => TorchWeights.Open(FilePath)).Message, "no dictionary");
    }

    private void Save(byte[] pickle) => Save(pickle, _values);

    private void Save(byte[] pickle, float[] storage)
    {
        File.Delete(FilePath);
        using var archive = ZipFile.Open(FilePath, ZipArchiveMode.Create);
        using (var entry = archive.CreateEntry("file/data.pkl", CompressionLevel.NoCompression).Open())
            entry.Write(pickle);
        if (storage.Length == 0)
            return;
        using var data = archive.CreateEntry("file/data/0", CompressionLevel.NoCompression).Open();
        data.Write(MemoryMarshal.AsBytes<float>(storage));
    }

    private void AssertReadsOrRefuses(int damagedAt)
    {
        try
        {
            using var file = TorchFile.Open(FilePath);
            if (file.Root is TorchTensor tensor)
                _ = file.GetBytes(tensor, 0, (int)(tensor.Count * tensor.Width));
        }
        catch (Exception failure)
        {
            Assert.IsInstanceOfType<InvalidDataException>(failure, $"byte {damagedAt}: {failure}");
        }
    }

    private void AssertRefused(string why)
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => TorchFile.Open(FilePath)).Message;
        StringAssert.Contains(message, FilePath);
        StringAssert.Contains(message, why);
    }
}
