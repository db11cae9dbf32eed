using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Data.Files;

[TestClass]
public sealed class CsvTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void CleanUp() => _folder.Dispose();

    [TestMethod]
    public void QuotesDelimitersAndLineBreaksWithinValues()
    {
        using var data = Dataset.FromCsv(Write("text,label\r\n\"a, \"\"b\"\"\r\nc\",1\r\nit is 5\" long,2\r\n\r\n\"\",3\r\n \"x\" ,4"));
        CollectionAssert.AreEqual(new[] { "a, \"b\"\nc", "it is 5\" long", "", " \"x\" " }, data.AsEnumerable().Select(e => e.GetText("text")).ToList());
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4 }, data.AsEnumerable().Select(e => e.GetInteger("label")).ToList());
    }

    [TestMethod]
    public void AColumnIsOfTheKindThatAllItsValuesAre()
    {
        using var data = Dataset.FromCsv(Write("whole,real,text,gaps\n1,1,1,\n-2,2.5,x,7\n"));
        Assert.IsTrue(data[0]["whole"] is { IsInteger: true, IsScalar: true });
        Assert.AreEqual(-2, data[1].GetInteger("whole"));
        Assert.IsFalse(data[0]["real"].IsInteger);
        Assert.AreEqual(1f, data[0].GetReal("real"));
        Assert.AreEqual("1", data[0].GetText("text"));
        Assert.IsFalse(data[0].ContainsKey("gaps"));
        Assert.AreEqual(7, data[1].GetInteger("gaps"));
    }

    [TestMethod]
    public void IntegersBeyond32BitsKeepTheirDigits()
    {
        using var data = Dataset.FromCsv(Write("id,small,real\n16777217,16777217,1.5\n-12345678901,2,12345678901\n"));
        CollectionAssert.AreEqual(new[] { "16777217", "-12345678901" }, data.AsEnumerable().Select(e => e.GetText("id")).ToList());
        Assert.AreEqual(16777217, data[0].GetInteger("small"));
        Assert.AreEqual(12345678901f, data[1].GetReal("real"));
    }

    [TestMethod]
    [DataRow("\r")]
    [DataRow("\n")]
    [DataRow("\r\n")]
    public void LinesEndInTheWaysOfAllSystems(string end)
    {
        using var data = Dataset.FromCsv(Write(string.Join(end, "text,label", "a,1", "", "\"b, c\",2", "")));
        CollectionAssert.AreEqual(new[] { "a", "b, c" }, data.AsEnumerable().Select(e => e.GetText("text")).ToList());
        CollectionAssert.AreEqual(new[] { 1, 2 }, data.AsEnumerable().Select(e => e.GetInteger("label")).ToList());
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Dataset.FromCsv(Write(string.Join(end, "a,b", "1,2", "3")))).Message;
        StringAssert.Contains(message, "line 3");
    }

    [TestMethod]
    public void ALineBreakOfAnotherKindWithinALineIsLeftAlone()
    {
        using var data = Dataset.FromCsv(Write("text\n\"a\rb\"\n"));
        Assert.AreEqual("a\rb", data[0].GetText("text"));
    }

    [TestMethod]
    public void DelimiterHeaderQuotesColumnsAndTypesMayBeGiven()
    {
        var options = new CsvOptions
        {
            Delimiter = '\t',
            Quote = null,
            ColumnNames = ["text", "id", "label"],
            Columns = ["text", "label"],
            Types = new Dictionary<string, FeatureType> { ["label"] = FeatureType.Text },
        };
        using var data = Dataset.FromCsv(Write("\"so\t1\t0\nno\"\t2\t1\n"), options);
        CollectionAssert.AreEqual(new[] { "text", "label" }, data[0].Keys);
        Assert.AreEqual("\"so", data[0].GetText("text"));
        Assert.AreEqual("1", data[1].GetText("label"));
    }

    [TestMethod]
    [DataRow("a,b\n1,2\n3\n", "line 3", "1 values; there are 2 columns: a, b")]
    [DataRow("a,b\n1,2\n\"3\nx\",4,5\n", "line 3", "3 values")]
    [DataRow("a,b\n1,\"2\n3,4\n", "line 2", "not closed")]
    [DataRow("a,b\n\"1\"x,2\n", "line 2", "'x' follows a closing quote")]
    [DataRow("a,a\n1,2\n", "line 1", "'a' twice")]
    [DataRow("y\n1\nx\n", "line 3, column 'y'", "'x'")]
    [DataRow("y\n12345678901\n", "line 2, column 'y'", "whole number")]
    [DataRow("", "data.csv", "no rows")]
    [DataRow("a,y\n", "data.csv", "no rows")]
    public void WhatIsWrongIsNamedWithItsPlace(string content, string place, string reason)
    {
        var options = content.Contains('y') ? new CsvOptions { Types = new Dictionary<string, FeatureType> { ["y"] = FeatureType.Integer } } : null;
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Dataset.FromCsv(Write(content), options)).Message;
        StringAssert.Contains(message, "data.csv");
        StringAssert.Contains(message, place);
        StringAssert.Contains(message, reason);
    }

    [TestMethod]
    public void AnEmptyLineIsNoRowNotEvenOfASingleColumn()
    {
        using var data = Dataset.FromCsv(Write("y\n\n\"\"\n1\n"));
        Assert.HasCount(1, data);
    }

    [TestMethod]
    public void AMissingColumnIsNamed()
    {
        var file = Write("text,lable\na,1\n");
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Dataset.FromCsv(file, new CsvOptions { Columns = ["text", "label"] })).Message;
        StringAssert.Contains(message, "no column 'label'");
        StringAssert.Contains(message, "text, lable");
    }

    [TestMethod]
    public void BytesThatAreNoUtf8AreNamedWithTheirLine()
    {
        File.WriteAllBytes(_folder["data.csv"], [.. "a\nb\n"u8, 0xC3, 0x28, .. "\n"u8]);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Dataset.FromCsv(_folder["data.csv"])).Message;
        StringAssert.Contains(message, "line 3");
        StringAssert.Contains(message, "UTF-8");
    }

    [TestMethod]
    public void ADelimiterBeyondAsciiIsRefused() =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Dataset.FromCsv(Write("a\n1\n"), new CsvOptions { Delimiter = '§' })).Message, "Delimiter");

    [TestMethod]
    public void AFileLargerThanItsBudgetIsReadFromDisk()
    {
        var words = Enumerable.Range(0, 60_000).Select(i => $"word {i} and \"\"more\"\"").ToList();
        using var data = Dataset.FromCsv(Write("text,label\n" + string.Join("\n", words.Select((w, i) => $"\"{w}\",{i % 3}"))), new CsvOptions { MemoryBudget = 0 });
        Assert.HasCount(60_000, data);
        foreach (var index in new[] { 0, 59_999, 31_234, 7 })
            Assert.AreEqual((words[index].Replace("\"\"", "\""), index % 3), (data[index].GetText("text"), data[index].GetInteger("label")));
    }

    [TestMethod]
    public void AStreamHoldsTextsUnlessTypesAreGiven()
    {
        var file = Write("text,label\na,1\nb,2\n");
        Assert.IsTrue(IterableDataset.FromCsv(file).First()["label"].IsText);
        var typed = IterableDataset.FromCsv(file, new CsvOptions { Types = new Dictionary<string, FeatureType> { ["label"] = FeatureType.Integer } });
        CollectionAssert.AreEqual(new[] { 1, 2 }, typed.AsEnumerable().Select(e => e.GetInteger("label")).ToList());
    }

    private string Write(string content)
    {
        File.WriteAllText(_folder["data.csv"], content);
        return _folder["data.csv"];
    }

    [TestMethod]
    public void BlanksAroundNumbersAreNoPartOfThem()
    {
        using var folder = new Formats.TemporaryFolder();
        File.WriteAllText(folder["a.csv"], "a, b,c\n 1,2.5 , x\n-2 , 3,y\n");
        using var data = Dataset.FromCsv(folder["a.csv"]);
        Assert.AreEqual(-2, data[1].GetInteger("a"));
        Assert.AreEqual(2.5f, data[0].GetReal(" b"));
        Assert.AreEqual(" x", data[0].GetText("c"));
    }

    [TestMethod]
    public void AMisspelledColumnSuggestsTheNearest()
    {
        using var folder = new Formats.TemporaryFolder();
        File.WriteAllText(folder["a.csv"], "text,label\nx,1\n");
        File.WriteAllText(folder["a.jsonl"], "{\"text\":\"x\",\"label\":1}\n");
        StringAssert.Contains(Refusal(() => Dataset.FromCsv(folder["a.csv"], new CsvOptions { Columns = ["txet"] })), "Did you mean 'text'?");
        StringAssert.Contains(Refusal(() => Dataset.FromJsonLines(folder["a.jsonl"], new() { Columns = ["labl"] })), "Did you mean 'label'?");
        StringAssert.Contains(Refusal(() => Dataset.FromJsonLines(folder["a.jsonl"], new() { Types = new Dictionary<string, FeatureType> { ["lable"] = FeatureType.Real } })), "'lable', of which the options give the type. Did you mean 'label'?");
        StringAssert.Contains(Refusal(() => Dataset.FromCsv(folder["a.csv"])[0].GetText("texts")), "Did you mean 'text'?");

        static string Refusal(Func<object> read) => Assert.ThrowsExactly<InvalidDataException>(() => read()).Message;
    }
}
