using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

[TestClass]
public sealed class SafetensorsFileTests
{
    [TestMethod]
    public void ReadsTheLayoutOfTheOriginalWriter()
    {
        // As Python writes {"b": float32[2], "a": int64 scalar, "c": uint8[3]} with the metadata of PyTorch: wide types first, 8-byte padding.
        const string Header = "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},\"c\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[16,19]}}      ";
        byte[] data = [.. BitConverter.GetBytes(-7L), .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f), 1, 2, 3];
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["model.safetensors"], SafetensorsBytes.File(Encoding.UTF8.GetBytes(Header), data));

        using var file = SafetensorsFile.Open(folder["model.safetensors"]);

        Assert.AreEqual(folder["model.safetensors"], file.Path);
        Assert.AreEqual("pt", file.Metadata["format"]);
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, file.Entries.Keys.ToArray());
        Assert.AreEqual(new SafetensorsEntry("b", SafetensorsDType.F32, [2], 8, 8), file.Entries["b"]);
        Assert.IsEmpty(file.Entries["a"].Shape);
        Assert.AreEqual(-7L, BitConverter.ToInt64(file.GetBytes("a")));
        Assert.AreEqual(-2f, BitConverter.ToSingle(file.GetBytes("b", 4, 4)));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, file.GetBytes("c").ToArray());
    }

    [TestMethod]
    public void EntriesComeInFileOrderWhateverTheHeaderSays()
    {
        const string Header = "{\"z\":{\"data_offsets\":[4,5],\"shape\":[1],\"dtype\":\"U8\"},"
            + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[4,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";

        using var file = SafetensorsFile.Read("x", SafetensorsBytes.File(Header, 5));

        CollectionAssert.AreEqual(new[] { "a", "none", "z" }, file.Entries.Keys.ToArray());
        Assert.AreEqual(0, file.GetBytes("none").Length);
        Assert.AreEqual(4, file.GetBytes("z")[0]);
    }

    [TestMethod]
    [DataRow("{}", DisplayName = "no tensors")]
    [DataRow("{}   \n", DisplayName = "blanks behind the header")]
    [DataRow("{\"__metadata__\":{}}", DisplayName = "empty metadata")]
    [DataRow("{\"a\":{\"dtype\":\"F32\",\"later\":{\"x\":[1,{\"y\":null}]},\"shape\":[0],\"data_offsets\":[0,0]}}", DisplayName = "unknown field")]
    [DataRow("{\"\":{\"dtype\":\"F4\",\"shape\":[4611686018427387904,0],\"data_offsets\":[0,0]}}", DisplayName = "empty name, no elements")]
    public void AcceptsWhatTheOriginalAccepts(string header)
    {
        using var file = SafetensorsFile.Read("x", SafetensorsBytes.File(header));
        Assert.IsEmpty(file.Metadata);
    }

    [TestMethod]
    public void NamesAreTheirDecodedText()
    {
        using var file = SafetensorsFile.Read(
            "x",
            SafetensorsBytes.File("{\"\\u00e4\\n\\ud83d\\ude00\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1));
        Assert.AreEqual(1, file.GetBytes("ä\n😀").Length);
    }

    [TestMethod]
    public void ViewsDoNotCopy()
    {
        byte[] content = SafetensorsBytes.File("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2);
        using var file = SafetensorsFile.Read("x", content);
        content[^1] = 99;
        Assert.AreEqual(99, file.GetBytes("a")[1]);
    }

    [TestMethod]
    public void AskingForWhatIsNotThereSaysSo()
    {
        using var file = SafetensorsFile.Read("some.safetensors", SafetensorsBytes.File("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2));

        string message = Assert.ThrowsExactly<KeyNotFoundException>(() => { _ = file.GetBytes("b"); }).Message;

        StringAssert.Contains(message, "some.safetensors");
        StringAssert.Contains(message, "\"b\"");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => { _ = file.GetBytes("a", 1, 2); });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => { _ = file.GetBytes("a", -1, 1); });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => { _ = file.GetBytes("a", long.MaxValue, 1); });
    }

    [TestMethod]
    public void ADisposedFileGivesNoBytes()
    {
        var file = SafetensorsFile.Read("x", SafetensorsBytes.File("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2));
        file.Dispose();
        file.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => { _ = file.GetBytes("a"); });
    }

    [TestMethod]
    public void AMissingFileIsReportedByItsName()
    {
        using var folder = new TemporaryFolder();
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => SafetensorsFile.Open(folder["gone.safetensors"])).Message, "gone.safetensors");
    }

    [TestMethod]
    public void TensorsPastTwoGigabytesAreReadInSlices()
    {
        const long Length = 3L << 30;
        byte[] head = SafetensorsBytes.File($"{{\"big\":{{\"dtype\":\"U8\",\"shape\":[{Length}],\"data_offsets\":[0,{Length}]}}}}");
        using var folder = new TemporaryFolder();

        // Sparse: the file takes a few blocks on disk.
        using (FileStream stream = File.Create(folder["big.safetensors"]))
        {
            stream.Write(head);
            stream.SetLength(head.Length + Length);
            stream.Position = head.Length + Length - 1;
            stream.WriteByte(42);
        }

        using var file = SafetensorsFile.Open(folder["big.safetensors"]);

        Assert.AreEqual(Length, file.Entries["big"].ByteLength);
        CollectionAssert.AreEqual(new byte[] { 0, 42 }, file.GetBytes("big", Length - 2, 2).ToArray());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => { _ = file.GetBytes("big"); }).Message, "\"big\" has 3221225472 bytes");
    }
}
