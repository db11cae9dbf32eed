using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public sealed class StreamResumeTests : IDisposable
{
    private const int Updates = 8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Ten examples in batches of two make updates of 4, 4 and 2 examples a pass.
    [TestMethod]
    [DataRow(0, false)]
    [DataRow(2, false)]
    [DataRow(0, true)]
    public void A_stream_goes_on_where_it_stood_in_whichever_pass(int workers, bool actsAtEnds)
    {
        var whole = Run(_folder["whole"], null, workers, actsAtEnds);
        foreach (var update in new[] { 2, 3, 5, 6, 7 })
        {
            var again = Run(_folder["again"], _folder[$"whole/checkpoint-{update}"], workers, actsAtEnds);
            CollectionAssert.AreEqual(whole.Read.TakeLast(again.Read.Count).ToList(), again.Read, $"from update {update}");
            Assert.HasCount(whole.Read.Count(read => read.Update > update), again.Read);
            foreach (var (name, values) in whole.Weights)
                Assert.IsTrue(values.AsSpan().SequenceEqual(again.Weights[name]), $"from update {update}: {name}");
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    [DataRow(7)]
    public void The_epoch_that_Python_writes_says_the_position_too(int update)
    {
        var whole = Run(_folder["whole"], null, 0, false);
        // What Python's checkpoints do not have.
        foreach (var file in new[] { "rng_state.safetensors", "manifest.json" })
            File.Delete(_folder[$"whole/checkpoint-{update}/{file}"]);
        CheckpointManifest.Write(_folder[$"whole/checkpoint-{update}"]);
        var again = Run(_folder["again"], _folder[$"whole/checkpoint-{update}"], 0, false);
        CollectionAssert.AreEqual(whole.Read.Where(read => read.Update > update).ToList(), again.Read);
    }

    [TestMethod]
    public void Epochs_that_a_callback_ends_early_are_counted_as_they_were()
    {
        var whole = Run(_folder["whole"], null, 0, false, callback: new EndsEpochs());
        foreach (var update in new[] { 2, 3, 5 })
            CollectionAssert.AreEqual(
                whole.Read.Where(read => read.Update > update).ToList(), Run(_folder["again"], _folder[$"whole/checkpoint-{update}"], 0, false, callback: new EndsEpochs()).Read, $"from update {update}");
    }

    private static (List<(int Update, string Ids)> Read, Dictionary<string, float[]> Weights) Run(string output, string? checkpoint, int workers, bool actsAtEnds, ITrainerCallback? callback = null)
    {
        using var model = TinyBert.Model(dropout: 0.1);
        var args = new TrainingArguments(output)
        {
            MaxSteps = Updates, PerDeviceTrainBatchSize = 2, GradientAccumulationSteps = 2, LearningRate = 0.01, SaveSteps = 1, DataloaderNumWorkers = workers,
            LoggingStrategy = actsAtEnds ? IntervalStrategy.Epoch : IntervalStrategy.Steps,
        };
        Dataset data = callback is null
            ? IterableDataset.From(pass => pass % 2 == 0 ? TinyBert.Data(10) : TinyBert.Data(20).Skip(10))
            : TinyBert.Data(18);
        using var trainer = new Noting(model, args, data, callback);
        trainer.Train(checkpoint);
        // Two epochs of five updates, of which the callback leaves three.
        Assert.AreEqual(callback is null ? Updates : 6, trainer.State.GlobalStep);
        return (trainer.Read, TinyBert.Weights(model));
    }

    // Notes which examples each update reads.
    private sealed class Noting(PretrainedModel model, TrainingArguments args, Dataset data, ITrainerCallback? callback)
        : Trainer(model, args, data, dataCollator: TinyBert.Collator, callbacks: callback is null ? [] : [callback])
    {
        public List<(int Update, string Ids)> Read { get; } = [];

        protected override (TorchSharp.torch.Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
        {
            Read.Add((State.GlobalStep + 1, string.Join(' ', batch["input_ids"].data<long>().ToArray())));
            return base.ComputeLoss(batch);
        }
    }

    private sealed class EndsEpochs : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context) => context.Control.ShouldEpochStop |= context.State.GlobalStep % 3 == 0;
    }
}
