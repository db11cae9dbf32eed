using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Formats.Torch;
using Microsoft.ML.HfTrainer.Tests.Formats.Pickle;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

/// <summary>Thousands of damaged files: each is read, or refused with the one exception that is documented, without a large allocation.</summary>
[TestClass]
public sealed class FuzzTests
{
    private const int Files = 10_000;

    // Many times what the small files below hold.
    private const long MaxAllocated = 32 << 20;

    // No decision of time: a reader that hangs must not hang the tests.
    private const int HangLimit = 300_000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(HangLimit, CooperativeCancellation = false)]
    public void Ten_thousand_headers_of_safetensors()
    {
        var random = new Random(1);
        var source = Small();
        var header = (int)BitConverter.ToUInt64(source);
        var refused = Count(() =>
        {
            byte[] changed = random.Next(10) == 0
                ? Mutation.OfBytes(source, random)
                : SafetensorsBytes.File(Mutation.OfJson(source[8..(8 + header)], random), source[(8 + header)..], random.Next(20) == 0 ? (ulong)random.NextInt64() : null);
            using var file = SafetensorsFile.Read("changed", changed);
            foreach (var name in file.Entries.Keys)
                _ = file.GetBytes(name).Length;
        });
        TestContext.WriteLine($"{refused} of {Files} were refused.");
        Assert.IsGreaterThan(Files / 2, refused);
    }

    [TestMethod]
    [Timeout(HangLimit, CooperativeCancellation = false)]
    public void Ten_thousand_pickles()
    {
        var random = new Random(2);
        using var folder = new TemporaryFolder();
        var path = folder["pytorch_model.bin"];
        var pickle = Weights();
        var refused = Count(() =>
        {
            File.WriteAllBytes(path, random.Next(5) == 0 ? Mutation.OfBytes(Archive(pickle), random) : Archive(Mutation.OfBytes(pickle, random)));
            using var file = TorchWeights.Open(path);
            foreach (var name in file.Entries.Keys)
                _ = file.GetBytes(name).Length;
        });
        TestContext.WriteLine($"{refused} of {Files} were refused.");
        Assert.IsGreaterThan(Files / 2, refused);
    }

    private static int Count(Action read)
    {
        var refused = 0;
        for (var i = 0; i < Files; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read();
            }
            catch (InvalidDataException failure)
            {
                Assert.AreNotEqual("", failure.Message);
                refused++;
            }
            catch (Exception failure)
            {
                Assert.Fail($"file {i}: {failure}");
            }
            Assert.IsLessThan(MaxAllocated, GC.GetAllocatedBytesForCurrentThread() - before, $"file {i}: bytes allocated");
        }
        return refused;
    }

    private static byte[] Small() => SafetensorsBytes.Written(
    [
        SafetensorsBytes.Tensor("embeddings.weight", SafetensorsDType.F32, [4, 3], 48), SafetensorsBytes.Tensor("layer.0.bias", SafetensorsDType.F16, [5], 10),
        SafetensorsBytes.Tensor("layer.0.weight", SafetensorsDType.BF16, [2, 2], 8), SafetensorsBytes.Tensor("position_ids", SafetensorsDType.I64, [1, 3], 24),
        SafetensorsBytes.Tensor("mask", SafetensorsDType.Bool, [7], 7), SafetensorsBytes.Tensor("scale", SafetensorsDType.F64, [], 8), SafetensorsBytes.Tensor("none", SafetensorsDType.U8, [0, 4], 0),
    ], new Dictionary<string, string> { ["format"] = "pt" });

    private static byte[] Weights() => new PickleBytes().Global("collections", "OrderedDict").Op(")Rq").Op([0]).Op("(")
        .Text("a.weight").Tensor(6, 0, [2, 3], [3, 1]).Text("a.bias").Tensor(6, 3, [3], [1]).Text("transposed").Tensor(6, 0, [3, 2], [1, 3]).Text("scalar").Tensor(6, 5, [], [])
        .Op("u").Op("}").Text("_metadata").Op("}").Op("sb").Stop();

    private static byte[] Archive(byte[] pickle)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("file/data.pkl", pickle);
            Add("file/byteorder", "little"u8);
            Add("file/data/0", MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6]));

            void Add(string name, ReadOnlySpan<byte> content)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }
}
