using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Checkpoints;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

[TestClass]
public sealed class CheckpointFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hftrainer-checkpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_checkpoint_holds_the_files_of_the_Hugging_Face_Trainer()
    {
        Train(a => a.SaveSteps = 2);
        var checkpoint = Path.Combine(_folder, "checkpoint-2");
        foreach (var file in new[] { "config.json", "model.safetensors", "optimizer.safetensors", "scheduler.json", "rng_state.safetensors", "trainer_state.json", "training_args.json", "manifest.json" })
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

    [TestMethod]
    public void A_checkpoint_that_cannot_be_written_stops_the_run_and_leaves_the_others()
    {
        BlockCheckpoint(3);
        var message = Assert.ThrowsExactly<IOException>(() => Train(a => a.SaveSteps = 1)).Message;
        StringAssert.Contains(message, Path.Combine(_folder, "checkpoint-3"));
        StringAssert.Contains(message, "It takes about 0.16 MiB, and");
        StringAssert.Contains(message, "checkpoint-2' is still there");
        Assert.IsNull(CheckpointVerification.FindDamage(Path.Combine(_folder, "checkpoint-2")));
    }

    [TestMethod]
    public void Told_to_a_run_goes_on_without_a_checkpoint_that_cannot_be_written()
    {
        BlockCheckpoint(3);
        var log = new MessageLog();
        Train(a => (a.SaveSteps, a.ContinueOnSaveFailure) = (1, true), log);
        CollectionAssert.AreEquivalent(new[] { "checkpoint-1", "checkpoint-2", "checkpoint-4", ".checkpoint-3.unfinished" }, Names());
        StringAssert.Contains(log.Warnings.Single(), "checkpoint-3' could not be written");
    }

    [TestMethod]
    public void Told_to_a_run_goes_on_without_its_folder()
    {
        var (log, file) = (new MessageLog(), Path.Combine(_folder, "file"));
        File.WriteAllText(file, "");
        Train(a => (a.OutputDir, a.SaveSteps, a.ContinueOnSaveFailure, a.SaveTotalLimit) = (Path.Combine(file, "out"), 2, true, 1), log);
        Assert.HasCount(3, log.Warnings);
        StringAssert.Contains(log.Warnings[0], "cannot be written");
        StringAssert.Contains(log.Warnings[1], "checkpoint-2' could not be written");
        StringAssert.Contains(log.Warnings[1], "no earlier checkpoint is there");
    }

    [TestMethod]
    public void A_folder_that_goes_meanwhile_is_made_again_or_the_failure_explained()
    {
        var output = Path.Combine(_folder, "out");
        Train(a => (a.OutputDir, a.SaveSteps) = (output, 2), callback: new AfterUpdate(1, () => Directory.Delete(output, recursive: true)));
        Assert.IsTrue(Directory.Exists(Path.Combine(output, "checkpoint-4")));
        var message = Assert.ThrowsExactly<IOException>(() => Train(a => (a.OutputDir, a.SaveSteps) = (output, 2), callback: new AfterUpdate(1, () =>
        {
            Directory.Delete(output, recursive: true);
            File.WriteAllText(output, "");
        }))).Message;
        StringAssert.Contains(message, "checkpoint-2' could not be written");
    }

    [TestMethod]
    public void The_newest_whole_checkpoint_is_found_and_the_others_are_named_with_the_reason()
    {
        Train(a => a.SaveSteps = 1);
        File.Delete(Path.Combine(_folder, "checkpoint-4", "scheduler.json"));
        var model = Path.Combine(_folder, "checkpoint-3", "model.safetensors");
        var bytes = File.ReadAllBytes(model);
        bytes[^1] ^= 1;
        File.WriteAllBytes(model, bytes);
        Directory.CreateDirectory(Path.Combine(_folder, "checkpoint-notes"));
        var log = new MessageLog();
        using var checkpoints = new CheckpointFolder(new CheckpointSettings { OutputDir = _folder });

        Assert.AreEqual(Path.Combine(_folder, "checkpoint-2"), checkpoints.Newest(log));

        Assert.HasCount(2, log.Warnings);
        StringAssert.Contains(log.Warnings[0], "checkpoint-4' is passed over, since it is damaged or was not written to its end: scheduler.json is missing");
        StringAssert.Contains(log.Warnings[1], "checkpoint-3' is passed over");
        StringAssert.Contains(log.Warnings[1], "model.safetensors");
        Directory.Delete(Path.Combine(_folder, "checkpoint-1"), recursive: true);
        Directory.Delete(Path.Combine(_folder, "checkpoint-2"), recursive: true);
        StringAssert.Contains(Assert.ThrowsExactly<DirectoryNotFoundException>(() => checkpoints.Newest(log)).Message, _folder);
    }

    private void BlockCheckpoint(int step) => File.WriteAllText(Path.Combine(_folder, $".checkpoint-{step}.unfinished"), "a file where a folder has to be");

    private string[] Names() => [.. Directory.GetFileSystemEntries(_folder).Select(p => Path.GetFileName(p))];

    private void Train(Action<TrainingArguments> set, ILogger? logger = null, ITrainerCallback? callback = null)
    {
        var args = new TrainingArguments(_folder) { MaxSteps = 4, PerDeviceTrainBatchSize = 4 };
        set(args);
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, args, TinyBert.Data(16), dataCollator: TinyBert.Collator, callbacks: callback is null ? [] : [callback], logger: logger);
        trainer.Train();
    }

    private sealed class AfterUpdate(int update, Action action) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context)
        {
            if (context.State.GlobalStep == update)
                action();
        }
    }
}
