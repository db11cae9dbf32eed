using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Reporting.WeightsAndBiases;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.WeightsAndBiases;

/// <summary>Transaction logs of the Python client: written again byte for byte, and decoded by the recorded schema.</summary>
[TestClass]
[TestCategory(TrackerCases.Category)]
public sealed class GoldenTransactionLogs
{
    public static IEnumerable<object[]> Framings => TrackerCases.Files("wandb", "framing.json").SelectMany(_ => TrackerCases.Object("wandb/framing.json").Select(c => new object[] { c.Key }));

    public static IEnumerable<object[]> Logs => TrackerCases.Files("wandb", "*.wandb");

    // Logs with their records as the client decodes them.
    public static IEnumerable<object[]> Decoded => Logs.Where(log => RecordsOf((string)log[0]) is not null);

    public static string RowName(MethodInfo method, object[] row) => $"{method.Name}: {row[0]}";

    [TestMethod]
    public void Cases_are_found()
    {
        GoldenFolder.AssertFound("trackers/wandb/framing.json", Framings.Count());
        GoldenFolder.AssertFound("trackers/wandb, logs", Logs.Count());
        GoldenFolder.AssertFound("trackers/wandb, decoded logs", Decoded.Count());
    }

    [TestMethod]
    [DynamicData(nameof(Framings), DynamicDataDisplayName = nameof(RowName))]
    public void Payloads_are_framed(string name)
    {
        var golden = TrackerCases.Object("wandb/framing.json")[name]!;
        var bytes = Write(golden["payloads"]!.AsArray().Select(Payload));
        Assert.HasCount((int)golden["file_bytes"]!, bytes);
        Assert.AreEqual((string)golden["file_sha256"]!, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [TestMethod]
    [DynamicData(nameof(Logs), DynamicDataDisplayName = nameof(RowName))]
    public void Logs_are_written_again(string log)
    {
        var golden = File.ReadAllBytes(Path.Combine(TrackerCases.Folder, log));
        var records = TransactionLogReader.Read(golden);
        if (records.Count > 0)
            CollectionAssert.AreEqual(golden, Write(records.Select(record => record.Content)));
        else
            Assert.AreEqual(7, golden.Length);
    }

    [TestMethod]
    [DynamicData(nameof(Decoded), DynamicDataDisplayName = nameof(RowName))]
    public void Logs_are_decoded(string log)
    {
        var (schema, golden, differences) = (new WandbSchema(), TrackerCases.Lines(RecordsOf(log)!), new Differences());
        var records = TransactionLogReader.Read(File.ReadAllBytes(Path.Combine(TrackerCases.Folder, log)));
        differences.Same("records", golden.Count, records.Count);
        foreach (var (expected, record) in golden.Zip(records))
        {
            var ((type, content), name) = (schema.Read(record.Content), $"record {expected["num"]}");
            differences.Same(name, ((string)expected["type"]!, (int)expected["offset"]!, (int)expected["chunks"]!, (int)expected["bytes"]!), (type, record.Offset, record.Chunks, record.Content.Length));
            if (!JsonNode.DeepEquals(expected["content"], content))
                differences.Same(name, expected["content"]!.ToJsonString(), content.ToJsonString());
        }
        differences.AssertNone();
    }

    // A log is cut anywhere by a process that is killed: every whole record before the cut is there.
    [TestMethod]
    [DynamicData(nameof(Logs), DynamicDataDisplayName = nameof(RowName))]
    public void Whole_records_before_a_cut_are_read(string log)
    {
        var file = File.ReadAllBytes(Path.Combine(TrackerCases.Folder, log));
        var all = TransactionLogReader.Read(file);
        foreach (var record in all.Where((_, i) => i % Math.Max(1, all.Count / 8) == 0))
            foreach (var cut in new[] { record.Offset, record.Offset + 3, record.Offset + 7, Math.Min(file.Length - 1, record.Offset + 8) })
                Assert.HasCount(all.Count(r => r.Offset < record.Offset), TransactionLogReader.Read(file.AsSpan(0, cut)), $"cut at {cut}");
    }

    private static byte[] Write(IEnumerable<byte[]> payloads)
    {
        using var folder = new TemporaryFolder();
        var log = new TransactionLog(folder["run.wandb"]);
        foreach (var payload in payloads)
            log.Append(payload);
        return File.ReadAllBytes(log.Path);
    }

    private static byte[] Payload(JsonNode? payload)
    {
        if (payload is JsonValue text)
            return Convert.FromBase64String((string)text!);
        var length = (int)payload!["length"]!;
        Assert.AreEqual($"(i*31+{length}) & 255", (string)payload["byte_i"]!);
        return [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 + length))];
    }

    private static string? RecordsOf(string log)
    {
        string[] files = [log[..log.LastIndexOf('/')] + "/records.jsonl.gz", Path.ChangeExtension(log, ".records.jsonl")];
        return files.FirstOrDefault(file => File.Exists(Path.Combine(TrackerCases.Folder, file)));
    }
}
