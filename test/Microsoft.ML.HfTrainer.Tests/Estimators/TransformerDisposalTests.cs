using System.Collections.Concurrent;
using System.Globalization;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>A model that is disposed while others predict with it.</summary>
[TestClass]
public sealed class TransformerDisposalTests
{
    private const int Threads = 20;

    // A thousand rounds, the number that this should survive, take a minute on a busy machine.
    private static readonly int _rounds = int.TryParse(Environment.GetEnvironmentVariable("HFTRAINER_STRESS_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 200;

    [TestMethod]
    public void EnginesThatDisposeASharedModelDoNotFreeItUnderEachOther()
    {
        using var folder = new TinyModel();
        var ml = new MLContext(seed: 1);
        using var file = new MemoryStream();
        var trained = Classifiers.Train(ml, folder);
        ml.Model.Save(trained, ml.Data.LoadFromEnumerable(Review.Some()).Schema, file);
        var rows = Review.Some();
        var expected = trained.Predict(ml, rows);
        ((IDisposable)trained).Dispose();
        var (predicted, refused, failures) = (0, 0, new ConcurrentBag<Exception>());
        for (var round = 0; round < _rounds; round++)
        {
            file.Position = 0;
            var model = ml.Model.Load(file, out _);
            var start = new Barrier(Threads);
            var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() => Run(model, thread % rows.Count, start))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
        }
        if (!failures.IsEmpty)
            throw new AggregateException(failures);
        Assert.AreEqual(_rounds * Threads, predicted + refused);
        Assert.IsGreaterThan(0, predicted);
        Assert.IsGreaterThan(0, refused);

        void Run(ITransformer model, int row, Barrier start)
        {
            try
            {
                start.SignalAndWait();
                // The first engine that is disposed disposes the model: by default, an engine owns it.
                using var engine = ml.Model.CreatePredictionEngine<Review, Verdict>(model);
                Assert.AreEqual(expected[row].Score[0], engine.Predict(rows[row]).Score[0], 1e-5);
                Interlocked.Increment(ref predicted);
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref refused);
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }
    }

    [TestMethod]
    public void DisposingWaitsForAPredictionThatIsRunning()
    {
        var lease = new HfTrainer.Estimators.ModelLease(this);
        var use = lease.Begin();
        var ended = Task.Run(lease.End);
        // A use that begins while the end is waited for is refused; until then, others may begin.
        while (true)
        {
            try
            {
                lease.Begin().Dispose();
            }
            catch (ObjectDisposedException)
            {
                break;
            }
        }
        Assert.IsFalse(ended.IsCompleted);
        use.Dispose();
        Assert.IsTrue(ended.GetAwaiter().GetResult());
        Assert.IsFalse(lease.End(), "the second to end it frees nothing");
        Assert.ThrowsExactly<ObjectDisposedException>(lease.ThrowIfEnded);
    }
}
