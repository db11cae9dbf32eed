using System.IO.Compression;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Data.Files;

[TestClass]
public sealed class JsonLinesTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void CleanUp() => _folder.Dispose();

    [TestMethod]
    public void ValuesOfEveryKindBecomeFeatures()
    {
        using var data = Dataset.FromJsonLines(Write("""
            {"text": "Gut \ud83d\ude00 \"so\"", "label": 1, "score": 0.5, "tokens": ["a", "b"], "ids": [1, 2], "table": [[1, 2], [3]], "flag": true, "answer": {"text": "so", "start": [3]}, "none": null}

            {"text": "", "label": -2, "score": 2, "tokens": [], "ids": [], "table": [[], [4, 5, 6]], "flag": false}
            """));
        Assert.HasCount(2, data);
        Assert.AreEqual("Gut 😀 \"so\"", data[0].GetText("text"));
        Assert.AreEqual(1, data[0].GetInteger("label"));
        Assert.AreEqual(0.5f, data[0].GetReal("score"));
        Assert.IsFalse(data[1]["score"].IsInteger, "a column with a real number is one of real numbers");
        Assert.AreEqual(2f, data[1].GetReal("score"));
        CollectionAssert.AreEqual(new[] { "a", "b" }, data[0]["tokens"].Texts.ToList());
        Assert.IsTrue(data[1]["tokens"].IsText);
        CollectionAssert.AreEqual(new[] { 1, 2 }, data[0]["ids"].Integers.ToArray());
        Assert.AreEqual(0, data[1]["ids"].Length);
        CollectionAssert.AreEqual(new[] { 4, 5, 6 }, data[1]["table"][1].Integers.ToArray());
        Assert.AreEqual(1, data[0].GetInteger("flag"));
        Assert.AreEqual("so", data[0].GetText("answer.text"));
        CollectionAssert.AreEqual(new[] { 3 }, data[0]["answer.start"].Integers.ToArray());
        Assert.IsFalse(data[0].ContainsKey("none"));
        Assert.IsFalse(data[1].ContainsKey("answer.text"));
    }

    [TestMethod]
    public void ColumnsAndTypesMayBeGiven()
    {
        var options = new DataFileOptions
        {
            Columns = ["id", "label", "score"],
            Types = new Dictionary<string, FeatureType> { ["id"] = FeatureType.Text, ["label"] = FeatureType.Integer, ["score"] = FeatureType.Real },
        };
        using var data = Dataset.FromJsonLines(Write("""{"id": 123456789012345, "label": 3.0, "score": 1, "items": [{"not": "read"}]}"""), options);
        CollectionAssert.AreEqual(new[] { "id", "label", "score" }, data[0].Keys);
        Assert.AreEqual("123456789012345", data[0].GetText("id"));
        Assert.AreEqual(3, data[0].GetInteger("label"));
        Assert.IsFalse(data[0]["score"].IsInteger);
    }

    [TestMethod]
    [DataRow("{\"x\": 1}\n{\"x\": }\n", "line 2", "not valid JSON")]
    [DataRow("{\"x\": 1}\n\n[1, 2]\n", "line 3", "array")]
    [DataRow("{\"x\": 1} {\"x\": 2}", "line 1", "not valid JSON")]
    [DataRow("{\"x\": [1, \"a\"]}", "line 1, column 'x'", "[1, \"a\"]")]
    [DataRow("{\"x\": [{\"a\": 1}]}", "line 1, column 'x'", "a list of numbers")]
    [DataRow("{\"x\": 12345678901}", "line 1, column 'x'", "whole number")]
    [DataRow("{\"x\": 1}\n{\"x\": \"a\"}", "line 2, column 'x'", "line 1")]
    [DataRow("{\"y\": 1.5}", "line 1, column 'y'", "whole number")]
    [DataRow("{\"z\": \"1\"}", "line 1, column 'z'", "a number")]
    [DataRow("{\"x\": 1}\n{\"x\": \"a\\ud800\"}", "line 2, column 'x'", "unpaired surrogate")]
    [DataRow("{\"x\": [\"a\", \"\\udc00\"]}", "line 1, column 'x'", "unpaired surrogate")]
    [DataRow("{\"a\\ud800\": 1}", "line 1", "unpaired surrogate")]
    [DataRow("", "", "no rows")]
    [DataRow("\n\n", "", "no rows")]
    public void WhatIsWrongIsNamedWithItsPlace(string content, string place, string reason)
    {
        var options = new DataFileOptions { Types = new Dictionary<string, FeatureType> { ["y"] = FeatureType.Integer, ["z"] = FeatureType.Real } };
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Dataset.FromJsonLines(Write(content), options)).Message;
        StringAssert.Contains(message, "data.jsonl");
        StringAssert.Contains(message, place);
        StringAssert.Contains(message, reason);
    }

    [TestMethod]
    public void AMissingColumnIsNamedWithItsLine()
    {
        var file = Write("{\"text\": \"a\", \"label\": 1}\n{\"text\": \"b\", \"lable\": 1}\n");
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Dataset.FromJsonLines(file, new DataFileOptions { Columns = ["text", "label"] })).Message;
        StringAssert.Contains(message, "line 2");
        StringAssert.Contains(message, "'label'");
        StringAssert.Contains(message, "text, lable");
    }

    [TestMethod]
    public void BytesThatAreNoUtf8AreNamedWithTheirLine()
    {
        var file = _folder["data.jsonl"];
        File.WriteAllBytes(file, [.. "{\"x\": \"a\"}\n{\"x\": \""u8, 0xFF, 0xFE, .. "\"}\n"u8]);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Dataset.FromJsonLines(file)).Message;
        StringAssert.Contains(message, "line 2");
        StringAssert.Contains(message, "UTF-8");
    }

    [TestMethod]
    public void LongLinesLineEndsMarksAndPackedFilesAreRead()
    {
        var longText = new string('ä', 300_000);
        var lines = "\ufeff{\"x\": \"" + longText + "\"}\r\n{\"x\": \"b\"}";
        using var plain = Dataset.FromJsonLines(Write(lines));
        CollectionAssert.AreEqual(new[] { longText, "b" }, plain.AsEnumerable().Select(e => e.GetText("x")).ToList());

        using (var packed = new GZipStream(File.Create(_folder["data.jsonl.gz"]), CompressionLevel.Fastest))
            packed.Write(System.Text.Encoding.UTF8.GetBytes(lines));
        using var unpacked = Dataset.FromJsonLines(_folder["data.jsonl.gz"]);
        Assert.HasCount(2, unpacked);
        Assert.ThrowsExactly<FileNotFoundException>(() => Dataset.FromJsonLines(_folder["nothing.jsonl"]));
    }

    [TestMethod]
    public void LinesMayEndWithACarriageReturnAlone()
    {
        using var data = Dataset.FromJsonLines(Write("{\"x\": 1}\r{\"x\": 2}\r"));
        CollectionAssert.AreEqual(new[] { 1, 2 }, data.AsEnumerable().Select(e => e.GetInteger("x")).ToList());
    }

    [TestMethod]
    public void AStreamReadsTheFileAnewInEachPass()
    {
        var file = Write("{\"x\": 1}\n{\"x\": 2}\n{oh\n");
        var stream = IterableDataset.FromJsonLines(file);
        CollectionAssert.AreEqual(new[] { 1, 2 }, stream.Take(2).AsEnumerable().Select(e => e.GetInteger("x")).ToList());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => stream.Cache()).Message, "line 3");
    }

    [TestMethod]
    public void AWrongFeatureNamesItsRow()
    {
        using var data = Dataset.FromJsonLines(Write("{\"text\": \"a\"}\n{\"text\": \"b\"}\n"));
        var message = Assert.ThrowsExactly<InvalidDataException>(() => data[1].GetInteger("text")).Message;
        StringAssert.Contains(message, "data.jsonl, row 2 has a text in 'text'");
    }

    private string Write(string content)
    {
        File.WriteAllText(_folder["data.jsonl"], content);
        return _folder["data.jsonl"];
    }
}
