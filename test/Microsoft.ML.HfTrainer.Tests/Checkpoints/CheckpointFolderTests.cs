using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

[TestClass]
public sealed class CheckpointFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hftrainer-checkpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_checkpoint_holds_the_originals_files()
    {
        Train(a => a.SaveSteps = 2);
        var checkpoint = Path.Combine(_folder, "checkpoint-2");
        foreach (var file in new[] { "config.json", "model.safetensors", "optimizer.safetensors", "scheduler.json", "rng_state.safetensors", "trainer_state.json", "training_args.json" })
            Assert.IsTrue(File.Exists(Path.Combine(checkpoint, file)), file);
        using var state = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(checkpoint, "trainer_state.json")));
        Assert.AreEqual(2, state.RootElement.GetProperty("global_step").GetInt32());
        using var args = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(checkpoint, "training_args.json")));
        Assert.AreEqual(2, args.RootElement.GetProperty("save_steps").GetDouble());
        using var optimizer = SafetensorsFile.Open(Path.Combine(checkpoint, "optimizer.safetensors"));
        Assert.IsTrue(optimizer.Entries.ContainsKey("classifier.weight.exp_avg_sq"));
    }

    [TestMethod]
    public void Nothing_unfinished_is_left()
    {
        Train(a => a.SaveSteps = 1);
        CollectionAssert.AreEquivalent(new[] { "checkpoint-1", "checkpoint-2", "checkpoint-3", "checkpoint-4" }, Names());
    }

    [TestMethod]
    public void The_oldest_go_beyond_the_limit()
    {
        Train(a => (a.SaveSteps, a.SaveTotalLimit) = (1, 2));
        CollectionAssert.AreEquivalent(new[] { "checkpoint-3", "checkpoint-4" }, Names());
    }

    [TestMethod]
    public void A_model_alone_can_be_saved()
    {
        Train(a => (a.SaveSteps, a.SaveOnlyModel) = (4, true));
        Assert.IsFalse(File.Exists(Path.Combine(_folder, "checkpoint-4", "optimizer.safetensors")));
        Assert.IsTrue(File.Exists(Path.Combine(_folder, "checkpoint-4", "model.safetensors")));
    }

    [TestMethod]
    public void A_folder_that_cannot_be_written_is_named_before_training()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments(Path.Combine(file, "out")), TinyBert.Data(8), dataCollator: TinyBert.Collator);
        var failure = Assert.ThrowsExactly<IOException>(() => trainer.Train());
        Assert.Contains("OutputDir", failure.Message);
        Assert.Contains(Path.Combine(file, "out"), failure.Message);
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(_folder).Select(p => Path.GetFileName(p))];

    private void Train(Action<TrainingArguments> set)
    {
        var args = new TrainingArguments(_folder) { MaxSteps = 4, PerDeviceTrainBatchSize = 4 };
        set(args);
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, args, TinyBert.Data(16), dataCollator: TinyBert.Collator);
        trainer.Train();
    }
}
