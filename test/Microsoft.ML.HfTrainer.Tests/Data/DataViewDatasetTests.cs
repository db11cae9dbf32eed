using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Tests.Data;

[TestClass]
public sealed class DataViewDatasetTests
{
    [TestMethod]
    [DataRow(1L << 30)]
    [DataRow(0L)]
    public void RowsComeBackAsTheyWereRead(long memory)
    {
        TokenSequence[] rows = [Row([5, 6, 7]), Row([8]), Row([]), .. Enumerable.Range(0, 1000).Select(i => Row([.. Enumerable.Range(i, 700)]))];
        using var dataset = Read(rows, memory);

        Assert.HasCount(1003, dataset);
        for (var i = 0; i < rows.Length; i++)
        {
            CollectionAssert.AreEqual(rows[i].Ids.ToArray(), dataset[i]["input_ids"].Integers.ToArray());
            CollectionAssert.AreEqual(Enumerable.Repeat(1, rows[i].Length).ToArray(), dataset[i]["attention_mask"].Integers.ToArray());
            CollectionAssert.AreEqual(new[] { i }, dataset[i]["labels"].Integers.ToArray());
            Assert.IsFalse(dataset[i].ContainsKey("token_type_ids"), "types that are 0 throughout say nothing");
        }
    }

    [TestMethod]
    public void MasksOfOnesAreOneBlock()
    {
        using var dataset = Read([Row([5, 6, 7]), Row([8, 9])]);
        Assert.AreSame(ArrayOf(dataset[0]["attention_mask"]), ArrayOf(dataset[1]["attention_mask"]));
        Assert.AreSame(ArrayOf(dataset[0]["input_ids"]), ArrayOf(dataset[1]["input_ids"]));
    }

    [TestMethod]
    public void TypesAndMasksOfOneRowAreThereForAll()
    {
        using var dataset = Read([Row([5, 6, 7]), new(new[] { 1, 2, 3 }, new[] { 0, 1, 1 }, new[] { 1, 1, 0 }), Row([8, 9]), new(new[] { 4 }, new[] { 1 }, default)]);

        int[][] types = [[0, 0, 0], [0, 1, 1], [0, 0], [1]], masks = [[1, 1, 1], [1, 1, 0], [1, 1], [1]];
        for (var i = 0; i < 4; i++)
        {
            CollectionAssert.AreEqual(types[i], dataset[i]["token_type_ids"].Integers.ToArray());
            CollectionAssert.AreEqual(masks[i], dataset[i]["attention_mask"].Integers.ToArray());
        }
    }

    private static TokenSequence Row(int[] ids) => new(ids, default, default);

    private static DataViewDataset Read(TokenSequence[] rows, long memory = Dataset.DefaultMemoryBudget) => DataViewDataset.Read(
        rows.Select((row, i) => new Example(row.ToExample()) { ["labels"] = i }), new MemoryBudget(memory));

    private static int[] ArrayOf(Feature feature) =>
        MemoryMarshal.TryGetArray(feature.Integers, out var segment) ? segment.Array! : throw new AssertFailedException("no array");
}
