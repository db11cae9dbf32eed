using System.Buffers;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tagging;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Tagging;

[TestClass]
public sealed class TagLabelsTests
{
    private const int Ignored = Batch.IgnoredLabel;

    // "Ann Lee in Ghent", with two tokens each for Lee and Ghent.
    private static readonly TokenSequence _tokens = new(new[] { 2, 10, 11, 12, 13, 14, 15, 3 }, default, default)
    {
        WordIds = new[] { -1, 0, 1, 1, 2, 3, 3, -1 },
        Offsets = new[] { 0, 0, 0, 3, 4, 5, 5, 7, 8, 10, 11, 14, 14, 16, 0, 0 },
    };

    private readonly string[] _tags = TagScheme.TagsOf(["PER", "LOC"]);

    [TestMethod]
    public void ATextColumnThatHoldsNoTextsIsNamed()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(new[] { new { Text = 1f } });
        using var cursor = data.GetRowCursor(data.Schema);
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new TextSizeColumn("Text", countsWords: false).Reader(new RowSource(MlHost.For(ml, "Test")), cursor, data.Schema["Text"]));
        Assert.Contains("The text column 'Text' of the data is Single; it should be String, or a vector of it", refused.Message);
    }

    [TestMethod]
    public void WordsAreLabeledAtTheirFirstToken() => CollectionAssert.AreEqual(
        new[] { Ignored, 1, 2, Ignored, 0, 3, Ignored, Ignored }, new TagLabels(_tags, WordLabels.FirstToken).Of(Row((Batch.Labels, [1, 2, 0, 3])), 4));

    [TestMethod]
    public void AllTokensOfAWordAreLabeledOnRequest() => CollectionAssert.AreEqual(
        new[] { Ignored, 1, 2, 2, 0, 3, 4, Ignored }, new TagLabels(_tags, WordLabels.AllTokensContinued).Of(Row((Batch.Labels, [1, 2, 0, 3])), 4));

    [TestMethod]
    public void SpansBecomeTagsOfWords() => CollectionAssert.AreEqual(
        new[] { Ignored, 1, 2, Ignored, 0, 3, Ignored, Ignored },
        new TagLabels(_tags, WordLabels.FirstToken).Of(Row((Batch.Labels, [1, 0]), (TagLabels.Starts, [11, 0]), (TagLabels.Ends, [16, 7])), 16));

    [TestMethod]
    public void ManyEntitiesReadTheTokensOfALongTextOnce()
    {
        const int Words = 500;
        using var places = new CountedReads([.. Enumerable.Range(0, Words).SelectMany(word => new[] { 2 * word, (2 * word) + 1 })]);
        var tokens = new TokenSequence(new int[Words], default, default) { WordIds = Enumerable.Range(0, Words).ToArray(), Offsets = places.Memory };
        int[] starts = [.. Enumerable.Range(0, Words).Select(word => 2 * word)];
        var labels = new TagLabels(_tags, WordLabels.FirstToken).Of(
            Row(tokens, (Batch.Labels, new int[Words]), (TagLabels.Starts, starts), (TagLabels.Ends, Array.ConvertAll(starts, start => start + 1))), 2 * Words);
        CollectionAssert.AreEqual(Enumerable.Repeat(1, Words).ToArray(), labels);
        Assert.IsLessThan(10 * Words, places.Count);
    }

    [TestMethod]
    [DataRow(new[] { 0 }, new[] { 0 }, new[] { 17 }, "Row 7 has an entity from 0 to 17; a span should be within the text of 16 characters")]
    [DataRow(new[] { 0 }, new[] { -1 }, new[] { 3 }, "Row 7 has an entity from -1 to 3")]
    [DataRow(new[] { 0 }, new[] { 3 }, new[] { 3 }, "Row 7 has an entity from 3 to 3")]
    [DataRow(new[] { 0, 1 }, new[] { 0, 6 }, new[] { 7, 10 }, "Row 7 has an entity that begins at 6, before the end of another one at 7")]
    [DataRow(new[] { 0 }, new[] { 7 }, new[] { 8 }, "Row 7 has an entity from 7 to 8, where its text has no token")]
    [DataRow(new[] { 0, 1 }, new[] { 10, 4 }, new[] { 11, 7 }, "Row 7 has an entity from 10 to 11, where its text has no token")]
    [DataRow(new[] { 0 }, new[] { 0, 6 }, new[] { 7, 10 }, "Row 7 has 2 starts, 2 ends and 1 labels of entities")]
    public void SpansThatCannotBeAreRefused(int[] labels, int[] starts, int[] ends, string message)
    {
        var refused = Assert.ThrowsExactly<InvalidDataException>(
            () => new TagLabels(_tags, WordLabels.FirstToken).Of(Row((Batch.Labels, labels), (TagLabels.Starts, starts), (TagLabels.Ends, ends)), 16));
        Assert.StartsWith(message, refused.Message);
    }

    [TestMethod]
    public void EachWordNeedsALabel()
    {
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => new TagLabels(_tags, WordLabels.FirstToken).Of(Row((Batch.Labels, [1, 2, 0])), 4));
        Assert.StartsWith("Row 7 has 4 words and 3 labels", refused.Message);
    }

    private static TaskRow Row(params (string Name, int[] Values)[] values) => Row(_tokens, values);

    private static TaskRow Row(TokenSequence tokens, params (string Name, int[] Values)[] values) => new(
        new RowSource(MlHost.For(new MLContext(), "Test")), 7, [tokens], [.. values.Select(value => KeyValuePair.Create(value.Name, (Feature)value.Values))], null!);

    // Memory that counts how often it is read.
    private sealed class CountedReads(int[] values) : MemoryManager<int>
    {
        public int Count { get; private set; }

        public override Span<int> GetSpan()
        {
            Count++;
            return values;
        }

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
