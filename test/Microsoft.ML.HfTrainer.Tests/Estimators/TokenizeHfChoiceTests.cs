using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>A text that is paired with each of several others.</summary>
[TestClass]
public sealed class TokenizeHfChoiceTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void EachChoiceIsASequenceAndTheirLengthsAreKept()
    {
        Row[] rows = [new() { Question = "is it good", Choices = ["very good", "", "no, it is bad"] }, new() { Question = "", Choices = [] }, new() { Question = "why", Choices = ["so"] }];
        var data = _ml.Data.LoadFromEnumerable(rows);
        var options = TokenizeHfOptions.ForMultipleChoice("Question", "Choices", _model.Folder, maxLength: 9);
        (options.ReturnOffsets, options.ReturnSequenceIds) = (true, true);
        var estimator = _ml.Transforms.Text.TokenizeHf(options);
        EstimatorContract.Check(_ml, estimator, data, _ml.Data.LoadFromEnumerable([new Plain()]));

        var output = estimator.Fit(data).Transform(data);
        var tokenizer = HfTokenizer.FromPretrained(_model.Folder);
        var (ids, lengths, offsets) = (output.GetColumn<long[]>("InputIds").ToList(), output.GetColumn<long[]>("SequenceLengths").ToList(), output.GetColumn<long[]>("Offsets").ToList());
        for (var row = 0; row < rows.Length; row++)
        {
            var expected = Array.ConvertAll(rows[row].Choices, choice => tokenizer.Encode(rows[row].Question, choice, new() { MaxLength = 9 }));
            CollectionAssert.AreEqual(expected.Select(encoding => (long)encoding.Length).ToArray(), lengths[row]);
            CollectionAssert.AreEqual(expected.SelectMany(encoding => encoding.Ids).Select(id => (long)id).ToArray(), ids[row]);
            Assert.HasCount(2 * ids[row].Length, offsets[row]);
        }
        Assert.AreEqual(9, lengths[0][2], "each sequence is cut by itself");
    }

    [TestMethod]
    public void ChoicesThatCannotBeAreRefused()
    {
        var both = TokenizeHfOptions.ForMultipleChoice("Question", "Choices", _model.Folder);
        both.PairColumnName = "Other";
        Assert.Contains("PairColumnName and ChoicesColumnName are both set", Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(both)).Message);
        var several = TokenizeHfOptions.ForMultipleChoice("Question", "Choices", _model.Folder);
        several.ReturnOverflowingTokens = true;
        Assert.Contains("a row with choices has several texts", Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(several)).Message);
        var words = _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForMultipleChoice("Choices", "Choices", _model.Folder));
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => words.Fit(_ml.Data.LoadFromEnumerable([new Row()])));
        Assert.Contains("with each of the choices in 'Choices'", refused.Message);
    }

    private sealed class Row
    {
        public string Question { get; set; } = "";

        public string[] Choices { get; set; } = [];
    }

    private sealed class Plain
    {
        public string Question { get; set; } = "";

        public string Choices { get; set; } = "";
    }
}
