using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Data;

[TestClass]
public sealed class DataViewRowsTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void ColumnsBecomeFeatures()
    {
        Row[] rows =
        [
            new() { Text = "so", Flag = true, Small = 200, Whole = -7, Long = 1L << 20, Real = 0.5f, Double = -2, Pixels = [1, 0, 2], Words = ["a", "b"], Label = "x" },
            new() { Text = "", Pixels = [0, 0, 0], Words = [], Label = "y" },
        ];
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(_ml.Data.LoadFromEnumerable(rows)).Transform(_ml.Data.LoadFromEnumerable(rows));
        using var data = Dataset.FromDataView(keyed);
        Assert.HasCount(2, data);
        var first = data[0];
        Assert.AreEqual("so", first.GetText("Text"));
        CollectionAssert.AreEqual(new[] { 1, 200, -7, 1 << 20 }, new[] { "Flag", "Small", "Whole", "Long" }.Select(first.GetInteger).ToList());
        CollectionAssert.AreEqual(new[] { 0.5f, -2f }, new[] { "Real", "Double" }.Select(first.GetReal).ToList());
        Assert.IsFalse(first["Double"].IsInteger);
        CollectionAssert.AreEqual(new[] { 1f, 0f, 2f }, first["Pixels"].Reals.ToArray());
        CollectionAssert.AreEqual(new[] { "a", "b" }, first["Words"].Texts.ToList());
        CollectionAssert.AreEqual(new[] { 0, 1 }, data.AsEnumerable().Select(e => e.GetInteger("Key")).ToList());
        Assert.AreEqual("y", data[1].GetText("Label"));
    }

    [TestMethod]
    public void ColumnsAreChosenByName()
    {
        var view = _ml.Data.LoadFromEnumerable([new Dated { Text = "so" }]);
        using var data = Dataset.FromDataView(view, ["Text"]);
        CollectionAssert.AreEqual(new[] { "Text" }, data[0].Keys);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Dataset.FromDataView(view)).Message, "'Day' is DateTime");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Dataset.FromDataView(view, ["Txt"])).Message, "no column 'Txt'; it has Text, Day");
    }

    [TestMethod]
    public void NumbersBeyond32BitsAreNamed()
    {
        var view = _ml.Data.LoadFromEnumerable([new Row { Long = 1 }, new Row { Long = 1L << 40 }]);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Dataset.FromDataView(view)).Message;
        StringAssert.Contains(message, "Row 2");
        StringAssert.Contains(message, "'Long'");
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public bool Flag { get; set; }

        public byte Small { get; set; }

        public int Whole { get; set; }

        public long Long { get; set; }

        public float Real { get; set; }

        public double Double { get; set; }

        [VectorType(3)]
        public float[] Pixels { get; set; } = [0, 0, 0];

        public string[] Words { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Dated
    {
        public string Text { get; set; } = "";

        public DateTime Day { get; set; } = new(2020, 1, 1);
    }
}
