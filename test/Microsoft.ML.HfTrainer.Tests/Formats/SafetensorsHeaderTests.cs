using System.Diagnostics;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

/// <summary>Headers that break a rule: each must be refused by a message that leads to the fault.</summary>
[TestClass]
public sealed class SafetensorsHeaderTests
{
    private const string Name = "bad.safetensors";

    [TestMethod]
    [DataRow(new byte[0], "has 0 bytes", DisplayName = "empty file")]
    [DataRow(new byte[] { 1, 0, 0, 0, 0, 0, 0 }, "has 7 bytes", DisplayName = "shorter than a length")]
    [DataRow(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "the header is empty", DisplayName = "no header")]
    [DataRow(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d }, "given as 9 bytes, but only 2 follow", DisplayName = "header past the end")]
    [DataRow(new byte[] { 1, 0xe1, 0xf5, 5, 0, 0, 0, 0, 0x7b, 0x7d }, "given as 100000001 bytes; at most 100000000", DisplayName = "header too long")]
    [DataRow(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, "given as 18446744073709551615 bytes; at most 100000000", DisplayName = "greatest length")]
    [DataRow(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 0x20, 0x7b, 0x7d }, "starts with the byte 0x20", DisplayName = "blank before the header")]
    [DataRow(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 0x5b, 0x5d }, "starts with the byte 0x5b", DisplayName = "array")]
    [DataRow(new byte[] { 5, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x22, 0x7d }, "not UTF-8", DisplayName = "not UTF-8")]
    [DataRow(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0x7b }, "not valid JSON", DisplayName = "cut JSON")]
    [DataRow(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d, 0 }, "not valid JSON", DisplayName = "zero behind the header")]
    public void RefusesAFileThatIsNone(byte[] content, string found) => AssertRefused(content, found);

    [TestMethod]
    [DataRow("[]", 0, "is an array", "dtype, shape and data_offsets")]
    [DataRow("{}", 0, "has no dtype", "dtype, shape and data_offsets")]
    [DataRow("{\"dtype\":\"U8\",\"data_offsets\":[0,1]}", 1, "has no shape", "dtype, shape and data_offsets")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1]}", 1, "has no data_offsets", "dtype, shape and data_offsets")]
    [DataRow("{\"dtype\":\"F17\",\"shape\":[1],\"data_offsets\":[0,1]}", 1, "the string \"F17\" as dtype", "known are BOOL, F4")]
    [DataRow("{\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]}", 4, "the string \"f32\" as dtype", "BF16, I32, U32, F32")]
    [DataRow("{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,1]}", 1, "the number 7 as dtype", "known are")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":null,\"data_offsets\":[0,1]}", 1, "null as shape", "an array of whole numbers")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}", 1, "the number -1 in shape", "from 0 to 9223372036854775807")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}", 1, "the number 1.0 in shape", "a whole number")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[\"1\"],\"data_offsets\":[0,1]}", 1, "the string \"1\" in shape", "a whole number")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[[1]],\"data_offsets\":[0,1]}", 1, "an array in shape", "a whole number")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[9223372036854775808],\"data_offsets\":[0,1]}", 1, "9223372036854775808 in shape", "from 0 to")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}", 0, "[4294967296, 4294967296]", "overflows 64 bits")]
    [DataRow("{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}", 0, "F64 of shape", "overflows 64 bits")]
    [DataRow("{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,20]}", 20, "[2, 3], which takes 24 bytes", "span 20")]
    [DataRow("{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}", 2, "takes 12 bits", "whole bytes")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}", 1, "data_offsets [1, 0]", "begin may not lie after end")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}", 1, "1 numbers in data_offsets", "they must be two")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,1]}", 1, "more than 2 numbers in data_offsets", "the most it may have")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[-1,0]}", 1, "the number -1 in data_offsets", "from 0 to")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}", 3, "data_offsets [0, 4]", "only 3 bytes follow the header; the file is truncated")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}", 2, "begins at 1", "no hole")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}", 3, "ends at 1", "3 bytes follow the header")]
    [DataRow("{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}", 1, "dtype twice", "once")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,1]}", 1, "shape twice", "once")]
    [DataRow("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"data_offset\\u0073\":[0,1]}", 1, "data_offsets twice", "once")]
    public void RefusesABadTensor(string tensor, int dataLength, string found, string right) =>
        AssertRefused(SafetensorsBytes.File($"{{\"layer.weight\":{tensor}}}", dataLength), "tensor", "\"layer.weight\"", found, right);

    [TestMethod]
    public void RefusesMoreDimensionsThanAnyTensorHas()
    {
        string shape = string.Join(',', Enumerable.Repeat(1, 65));
        byte[] content = SafetensorsBytes.File($"{{\"a\":{{\"dtype\":\"U8\",\"shape\":[{shape}],\"data_offsets\":[0,1]}}}}", 1);
        AssertRefused(content, "\"a\"", "more than 64 numbers in shape");
    }

    [TestMethod]
    [DataRow(0, 4, 3, 7, 7, "tensor \"b\" begins at 3", "\"a\" before it ends at 4", "may not overlap", DisplayName = "overlap")]
    [DataRow(0, 4, 0, 4, 4, "begins at 0", "ends at 4", "may not overlap", DisplayName = "the same bytes twice")]
    [DataRow(0, 4, 5, 9, 9, "tensor \"b\" begins at 5", "\"a\" before it ends at 4", "no hole", DisplayName = "hole")]
    [DataRow(4, 8, 1, 5, 8, "tensor \"b\" begins at 1", "the data starts at 0", "no hole", DisplayName = "hole at the start")]
    [DataRow(4, 8, 0, 4, 9, "9 bytes follow the header", "\"a\", ends at 8", "no bytes may trail", DisplayName = "trailing")]
    public void RefusesPlacesThatDoNotCoverTheData(int beginA, int endA, int beginB, int endB, int dataLength, string found, string other, string right) =>
        AssertRefused(
            SafetensorsBytes.File(
                $"{{\"a\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{beginA},{endA}]}},"
                + $"\"b\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{beginB},{endB}]}}}}",
                dataLength),
            found,
            other,
            right);

    [TestMethod]
    [DataRow("{\"a\":E,\"a\":E}", "tensor \"a\" stands in the header twice")]
    [DataRow("{\"a\":E,\"b\":E,\"\\u0061\":E}", "tensor \"a\" stands in the header twice")]
    [DataRow("{\"__metadata__\":{},\"__metadata__\":{}}", "__metadata__ stands in the header twice")]
    [DataRow("{\"__metadata__\":[\"pt\"]}", "__metadata__ is an array; it must be an object whose values are strings")]
    [DataRow("{\"__metadata__\":null}", "__metadata__ is null")]
    [DataRow("{\"__metadata__\":{\"format\":1}}", "the number 1 under \"format\"; its values must be strings")]
    [DataRow("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", "the key \"k\" twice")]
    [DataRow("{\"a\":E,}", "not valid JSON")]
    [DataRow("{\"a\":E}{}", "not valid JSON")]
    [DataRow("{\"\\ud800\":E}", "not valid Unicode")]
    [DataRow("{\"a\":{\"x\":[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]}}", "depth")]
    [DataRow("{\"line\\nbreak\":{}}", "\"line\\u000abreak\"")]
    public void RefusesABadHeader(string header, string found) =>
        AssertRefused(SafetensorsBytes.File(header.Replace("E", "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}")), found);

    [TestMethod]
    public void DataWithoutATensorIsRefused() => AssertRefused(SafetensorsBytes.File("{}", 1), "1 bytes follow the header", "names no tensor");

    [TestMethod]
    public void AMessageStaysShortWhateverTheNameIs()
    {
        byte[] content = SafetensorsBytes.File($"{{\"{new string('n', 1_000_000)}\":{{\"dtype\":\"{new string('d', 1_000_000)}\"}}}}");
        Assert.IsLessThan(1000, AssertRefused(content, "nnn...", "ddd...").Length);
    }

    [TestMethod]
    public void AHostileHeaderCostsInProportionToItsLength()
    {
        // Many tensors of no bytes, all at one place, is the most objects that a header can ask for.
        var header = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++)
        {
            header.Append(i == 0 ? "" : ",").Append($"\"{i}\":{{\"dtype\":\"U64\",\"shape\":[0],\"data_offsets\":[0,0]}}");
        }

        byte[] many = SafetensorsBytes.File(header.Append('}').ToString());
        byte[] deep = SafetensorsBytes.File("{\"a\":{\"x\":" + new string('[', 5_000_000));
        byte[] wide = SafetensorsBytes.File("{\"a\":{\"shape\":[1" + string.Concat(Enumerable.Repeat(",1", 2_500_000)));
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();

        using (var file = SafetensorsFile.Read(Name, many))
        {
            Assert.HasCount(100_000, file.Entries);
        }

        Assert.IsLessThan(12L * many.Length, GC.GetAllocatedBytesForCurrentThread() - before);
        before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(deep, "depth");
        AssertRefused(wide, "more than 64 numbers");
        Assert.IsLessThan(1_000_000L, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.IsLessThan(20, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void DamagedFilesAreReadOrRefusedAndNothingElse()
    {
        byte[] whole = SafetensorsBytes.Written(
            [
                SafetensorsBytes.Tensor("bert.weight", SafetensorsDType.F32, [2, 3], 24),
                SafetensorsBytes.Tensor("bert.bias", SafetensorsDType.F16, [3], 6),
                SafetensorsBytes.Tensor("none", SafetensorsDType.I64, [0], 0),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        byte[] telling = "{}[]\",:0-9e.\\ \0\u007f"u8.ToArray();
        var random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 10_000; i++)
        {
            List<byte> damaged = [.. whole];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(damaged.Count);
                switch (random.Next(5))
                {
                    case 0: damaged[at] = (byte)random.Next(256); break;
                    case 1: damaged[at] = telling[random.Next(telling.Length)]; break;
                    case 2: damaged.RemoveRange(at, Math.Min(random.Next(1, 20), damaged.Count - at - 1)); break;
                    case 3: damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(1, 60), damaged.Count - at))); break;
                    default: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                }
            }

            try
            {
                using var file = SafetensorsFile.Read(Name, damaged.ToArray());
                Assert.IsTrue(file.Entries.Keys.All(name => file.GetBytes(name).Length == file.Entries[name].ByteLength));
            }
            catch (InvalidDataException exception)
            {
                StringAssert.Contains(exception.Message, Name);
                refused++;
            }
        }

        Assert.IsGreaterThan(5_000, refused);
    }

    private static string AssertRefused(byte[] content, params string[] parts)
    {
        string message = Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsFile.Read(Name, content)).Message;
        StringAssert.Contains(message, Name);
        foreach (string part in parts)
        {
            StringAssert.Contains(message, part);
        }

        return message;
    }
}
