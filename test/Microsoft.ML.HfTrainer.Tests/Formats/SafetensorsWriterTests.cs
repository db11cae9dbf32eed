using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

[TestClass]
public sealed class SafetensorsWriterTests
{
    private static readonly Dictionary<string, string> Pt = new() { ["format"] = "pt" };

    public static IEnumerable<object[]> DTypes => Enum.GetValues<SafetensorsDType>().Select(dtype => new object[] { dtype });

    [TestMethod]
    [DynamicData(nameof(DTypes))]
    public void EveryTypeComesBack(SafetensorsDType dtype)
    {
        int byteLength = 8 * dtype.Bits() / 8;
        byte[] content = SafetensorsBytes.Written([SafetensorsBytes.Tensor("t", dtype, [2, 4], byteLength)]);

        using var file = SafetensorsFile.Read("x", content);

        Assert.AreEqual(new SafetensorsEntry("t", dtype, [2, 4], 0, byteLength), file.Entries["t"]);
        CollectionAssert.AreEqual(Enumerable.Range(1, byteLength).Select(i => (byte)i).ToArray(), file.GetBytes("t").ToArray());
    }

    [TestMethod]
    public void WritesWhatTheOriginalWrites()
    {
        byte[] content = SafetensorsBytes.Written(
            [
                SafetensorsBytes.Tensor("c", SafetensorsDType.U8, [3], 3),
                SafetensorsBytes.Tensor("b", SafetensorsDType.F32, [2], 8),
                SafetensorsBytes.Tensor("a", SafetensorsDType.I64, [], 8),
            ],
            Pt);

        const string Header = "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},\"c\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[16,19]}}";
        string padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        byte[] data = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3];
        CollectionAssert.AreEqual(SafetensorsBytes.File(System.Text.Encoding.UTF8.GetBytes(padded), data), content);
    }

    [TestMethod]
    [DataRow(SafetensorsDType.F64, SafetensorsDType.I64, "I64 first: the order is that of the types, not of their width alone")]
    [DataRow(SafetensorsDType.F16, SafetensorsDType.BF16, "BF16 first")]
    [DataRow(SafetensorsDType.I32, SafetensorsDType.F32, "F32 first")]
    public void TypesOfOneWidthHaveTheOrderOfTheOriginal(SafetensorsDType later, SafetensorsDType earlier, string reason)
    {
        byte[] content = SafetensorsBytes.Written(
            [SafetensorsBytes.Tensor("a", later, [1], later.Bits() / 8), SafetensorsBytes.Tensor("b", earlier, [1], earlier.Bits() / 8)]);
        using var file = SafetensorsFile.Read("x", content);
        Assert.AreEqual("b,a", string.Join(',', file.Entries.Keys), reason);
    }

    [TestMethod]
    public void NamesAreSortedByTheirBytesAndWrittenPlainly()
    {
        // U+FF5E sorts after U+1F600 as UTF-16 and before it as UTF-8.
        string[] names = ["~", "B", "a<b>+'", "ä", "～", "😀"];
        byte[] content = SafetensorsBytes.Written(names.Reverse().Select(name => SafetensorsBytes.Tensor(name, SafetensorsDType.U8, [1], 1)));

        using var file = SafetensorsFile.Read("x", content);

        Assert.AreEqual("B|a<b>+'|~|ä|～|😀", string.Join('|', file.Entries.Keys));
        StringAssert.Contains(SafetensorsBytes.HeaderOf(content), "\"a<b>+'\"");
        StringAssert.Contains(SafetensorsBytes.HeaderOf(content), "\"ä\"");
    }

    [TestMethod]
    public void HeadersAreAlignedForEveryLengthOfName()
    {
        for (int length = 0; length < 9; length++)
        {
            string header = SafetensorsBytes.HeaderOf(SafetensorsBytes.Written([SafetensorsBytes.Tensor(new('n', length), SafetensorsDType.U8, [1], 1)]));
            Assert.AreEqual(0, header.Length % 8);
            Assert.IsLessThan(8, header.Length - header.TrimEnd().Length);
        }
    }

    [TestMethod]
    public void WritingReadingAndWritingAgainGivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        SafetensorsTensor[] tensors = Enum.GetValues<SafetensorsDType>().SelectMany(dtype => new[]
        {
            SafetensorsBytes.Tensor($"x.{dtype}", dtype, [4, 2], dtype.Bits()),
            SafetensorsBytes.Tensor($"a.{dtype}", dtype, [0], 0),
        }).ToArray();
        SafetensorsWriter.Write(folder["1.safetensors"], tensors, new Dictionary<string, string> { ["z"] = "\"quoted\" \\ \n", ["format"] = "pt" });

        using var first = SafetensorsFile.Open(folder["1.safetensors"]);
        SafetensorsWriter.Write(folder["2.safetensors"], SafetensorsBytes.TensorsOf(first), first.Metadata);

        CollectionAssert.AreEqual(File.ReadAllBytes(folder["1.safetensors"]), File.ReadAllBytes(folder["2.safetensors"]));
        Assert.AreEqual("\"quoted\" \\ \n", first.Metadata["z"]);
    }

    [TestMethod]
    public void ReplacesAFileThatIsMapped()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows does not let a mapped file be replaced.");
        }

        using var folder = new TemporaryFolder();
        string path = folder["m.safetensors"];
        SafetensorsWriter.Write(path, [SafetensorsBytes.Tensor("t", SafetensorsDType.U8, [4], 4)]);
        using var old = SafetensorsFile.Open(path);

        SafetensorsWriter.Write(path, SafetensorsBytes.TensorsOf(old).Append(SafetensorsBytes.Tensor("u", SafetensorsDType.U8, [1], 1)));

        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4 }, old.GetBytes("t").ToArray());
        using var replaced = SafetensorsFile.Open(path);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4 }, replaced.GetBytes("t").ToArray());
        Assert.HasCount(2, replaced.Entries);
    }

    [TestMethod]
    [DataRow(3, "3 bytes were written", DisplayName = "too few")]
    [DataRow(5, "5 bytes or more were written", DisplayName = "too many")]
    public void AFailedWriteLeavesTheOldFileAndNothingBeside(int length, string found)
    {
        using var folder = new TemporaryFolder();
        string path = folder["m.safetensors"];
        SafetensorsWriter.Write(path, [SafetensorsBytes.Tensor("old", SafetensorsDType.U8, [1], 1)]);
        byte[] before = File.ReadAllBytes(path);

        string message = Assert.ThrowsExactly<InvalidOperationException>(
            () => SafetensorsWriter.Write(path, [SafetensorsBytes.Tensor("layer.weight", SafetensorsDType.F32, [1], length)])).Message;

        StringAssert.Contains(message, "\"layer.weight\"");
        StringAssert.Contains(message, found);
        StringAssert.Contains(message, "ask for 4");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("a", new long[] { -1 }, SafetensorsDType.U8, "[-1]")]
    [DataRow("a", new long[] { 1L << 32, 1L << 32 }, SafetensorsDType.U8, "overflows")]
    [DataRow("a", new long[] { 3 }, SafetensorsDType.F4, "12 bits")]
    [DataRow("a", new long[] { 1 }, (SafetensorsDType)99, "99")]
    [DataRow("twin", new long[] { 0 }, SafetensorsDType.U8, "\"twin\"; names must differ")]
    [DataRow("__metadata__", new long[] { 0 }, SafetensorsDType.U8, "the format's own")]
    public void RefusesWhatCannotBeWrittenBeforeTheFirstByte(string name, long[] shape, SafetensorsDType dtype, string found)
    {
        using var stream = new MemoryStream();
        SafetensorsTensor[] tensors = [SafetensorsBytes.Tensor("twin", SafetensorsDType.U8, [0], 0), SafetensorsBytes.Tensor(name, dtype, shape, 0)];
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SafetensorsWriter.Write(stream, tensors)).Message, found);
        Assert.AreEqual(0, stream.Length);
    }

    [TestMethod]
    public void RefusesANameThatIsNoText()
    {
        // Not a data row: attributes are stored as UTF-8, which cannot hold this name either.
        SafetensorsTensor[] tensors = [SafetensorsBytes.Tensor("\ud800", SafetensorsDType.U8, [0], 0)];
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SafetensorsBytes.Written(tensors)).Message, "surrogate");
    }
}
