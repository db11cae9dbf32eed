using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Reporting.TensorBoard;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.TensorBoard;

[TestClass]
public sealed class TensorBoardReporterTests
{
    [TestMethod]
    public void A_run_writes_its_settings_its_model_and_its_log()
    {
        using var folder = new TemporaryFolder();
        using var run = new LoggedRun(new TensorBoardReporter(folder["logs"]));
        var events = EventFileReader.Read(EventFileReader.FilesOf(folder["logs"]).Single());
        Assert.AreEqual("brain.Event:2", events[0].Version);
        Assert.AreEqual("args/text_summary", events[1].Tag);
        Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(run.Trainer.Args.ToJson()), JsonNode.Parse(events[1].Text!)));
        Assert.AreEqual("model_config/text_summary", events[2].Tag);
        Assert.AreEqual("bert", (string?)JsonNode.Parse(events[2].Text!)!["model_type"]);
        var expected = run.Trainer.State.LogHistory.SelectMany(record => record.Where(v => v.Key != "step").Select(v =>
            new LoggedEvent((long)record["step"], null, null, null, TensorBoardReporter.Tag(v.Key), (float)v.Value, null, null, null))).ToList();
        CollectionAssert.AreEqual(expected, events[3..]);
        CollectionAssert.IsSubsetOf(new[] { "train/loss", "eval/loss", "eval/accuracy", "train/train_loss", "train/epoch" }, expected.ConvertAll(e => e.Tag));
    }

    [TestMethod]
    [DataRow("loss", "train/loss")]
    [DataRow("eval_loss", "eval/loss")]
    [DataRow("eval_de_f1", "eval/de_f1")]
    [DataRow("test_runtime", "test/runtime")]
    [DataRow("evaluation", "train/evaluation")]
    [DataRow("train_loss", "train/train_loss")]
    public void Names_stand_below_what_they_belong_to(string name, string tag) => Assert.AreEqual(tag, TensorBoardReporter.Tag(name));

    [TestMethod]
    public void A_run_that_goes_on_voids_the_later_steps_of_earlier_files()
    {
        using var folder = new TemporaryFolder();
        using var run = new LoggedRun();
        var reporter = new TensorBoardReporter(folder.Path);
        reporter.Begin(run.At(step: 7));
        reporter.Report(new LogRecord { ["loss"] = 0.5 }, 8);
        var events = EventFileReader.Read(EventFileReader.FilesOf(folder.Path).Single());
        Assert.AreEqual(new LoggedEvent(8, null, null, 1, null, null, null, null, null), events[1]);
        Assert.AreEqual(8, events[^1].Step);
    }

    [TestMethod]
    public void An_evaluation_by_itself_is_reported_too_before_and_after_training()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyBert.Model();
        using var trainer = new Trainer(
            model, new TrainingArguments { MaxSteps = 1 }, TinyBert.Data(8), TinyBert.Data(4), dataCollator: TinyBert.Collator,
            callbacks: [new ReporterCallback(new TensorBoardReporter(folder.Path))]);
        trainer.Evaluate();
        trainer.Train();
        trainer.Evaluate();
        var steps = EventFileReader.FilesOf(folder.Path).SelectMany(EventFileReader.Read).Where(e => e.Tag == "eval/loss").Select(e => e.Step);
        CollectionAssert.AreEqual(new long[] { 0, 1 }, steps.ToArray());
    }

    [TestMethod]
    public void The_checksum_is_the_formats()
    {
        // The check value of CRC-32C, masked.
        const uint crc = 0xe3069283;
        Assert.AreEqual(unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8), EventFile.Checksum(Encoding.ASCII.GetBytes("123456789")));
    }
}
