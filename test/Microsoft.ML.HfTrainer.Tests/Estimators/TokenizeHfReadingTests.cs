using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>When rows are read and tokenised.</summary>
[TestClass]
public sealed class TokenizeHfReadingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();
    private int _read;

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void EachRowIsReadOnceHoweverManyColumnsAreAskedFor()
    {
        var view = Tokens(5000);
        var rows = RowComparer.Read(view);
        Assert.HasCount(5000, rows);
        Assert.AreEqual(5000, _read);
    }

    [TestMethod]
    public void AFewRowsAreReadAheadForWhoTakesAFew()
    {
        var view = Tokens(5000);
        using var cursor = view.GetRowCursor([view.Schema["InputIds"]]);
        Assert.AreEqual(0, _read);
        for (var i = 0; i < 10; i++)
            Assert.IsTrue(cursor.MoveNext());
        Assert.IsLessThanOrEqualTo(32, _read);
        for (var i = 10; i < 2000; i++)
            Assert.IsTrue(cursor.MoveNext());
        Assert.IsLessThanOrEqualTo(2000 + 512, _read);
    }

    [TestMethod]
    public void LongTextsAreReadAheadFewAtATime()
    {
        var text = string.Join(' ', Enumerable.Repeat("film", 200_000));
        var view = Tokens(200, text);
        using var cursor = view.GetRowCursor([view.Schema["InputIds"]]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.IsLessThanOrEqualTo(8, _read);
    }

    [TestMethod]
    public void NothingIsTokenisedForOtherColumns()
    {
        var log = new LogLines(_ml);
        var view = Tokens(100, "");
        Assert.HasCount(100, view.GetColumn<float>("Weight").ToList());
        Assert.IsEmpty(log.Warnings, "each text is empty, which tokenising warns of");
        Assert.HasCount(100, view.GetColumn<long[]>("InputIds").ToList());
        Assert.HasCount(1, log.Warnings);
    }

    [TestMethod]
    public void ReadingEndsWhenTheContextIsCancelled()
    {
        var view = Tokens(5000);
        using var cursor = view.GetRowCursor([view.Schema["InputIds"]]);
        Assert.IsTrue(cursor.MoveNext());
        // Public only through Microsoft.ML.Experimental.
        typeof(MLContext).GetMethod("CancelExecution", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.Invoke(_ml, null);
        Assert.ThrowsExactly<OperationCanceledException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
    }

    private IDataView Tokens(int rows, string? text = null)
    {
        var data = _ml.Data.LoadFromEnumerable(Reviews(rows, text));
        return _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder, maxLength: 20).Fit(data).Transform(data);
    }

    private IEnumerable<Review> Reviews(int count, string? text)
    {
        foreach (var review in Review.Some(count))
        {
            _read++;
            review.Text = text ?? review.Text;
            yield return review;
        }
    }
}
