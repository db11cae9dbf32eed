using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Reporting.TensorBoard;

namespace Microsoft.ML.HfTrainer.Tests.Reporting;

/// <summary>Reports of a run that is broken off between two checkpoints and goes on.</summary>
[TestClass]
public sealed class ResumedReportTests
{
    [TestMethod]
    public void No_record_is_there_twice_and_none_is_missing()
    {
        using var folder = new TemporaryFolder();
        using var end = new CancellationTokenSource();
        // After update 5, with a checkpoint of update 4: what was reported of update 5 is void.
        Assert.ThrowsExactly<OperationCanceledException>(() => Train(folder, resume: false, end.Token, new Scripted(context => { if (context.State.GlobalStep == 5) end.Cancel(); })));
        Assert.Contains("\"step\":5}", File.ReadAllText(folder["out/log.jsonl"]));
        var history = Train(folder, resume: true);

        var steps = history.ConvertAll(record => (int)record["step"]);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 3, 4, 5, 6, 6, 6 }, steps);
        CollectionAssert.AreEqual(steps, File.ReadLines(folder["out/log.jsonl"]).Select(line => (int)JsonNode.Parse(line)!["step"]!).ToList());
        CollectionAssert.AreEqual(steps, File.ReadLines(folder["out/log.csv"]).Skip(1).Select(line => int.Parse(line.Split(',')[0])).ToList());
        CollectionAssert.AreEqual(
            history.Where(record => record.ContainsKey("loss")).Select(record => (long)record["step"]).ToList(), StepsThatTensorBoardShows(folder["logs"], "train/loss"));
    }

    // TensorBoard takes the files in their order; a session that starts at a step drops what there was from that step on.
    private static List<long> StepsThatTensorBoardShows(string folder, string tag)
    {
        var shown = new List<long>();
        foreach (var logged in EventFileReader.FilesOf(folder).SelectMany(EventFileReader.Read))
        {
            if (logged.Session == 1)
                shown.RemoveAll(step => step >= logged.Step);
            if (logged.Tag == tag)
                shown.Add(logged.Step);
        }
        return shown;
    }

    private static List<LogRecord> Train(TemporaryFolder folder, bool resume, CancellationToken end = default, params ITrainerCallback[] callbacks)
    {
        var args = new TrainingArguments(folder["out"])
        {
            PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, LoggingSteps = 1, EvalStrategy = IntervalStrategy.Epoch, SaveSteps = 2, CancellationToken = end,
            ReportTo = ["jsonl", "csv", "tensorboard"], LoggingDir = folder["logs"],
        };
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, args, TinyBert.Data(12), TinyBert.Data(5), dataCollator: TinyBert.Collator, callbacks: callbacks);
        trainer.Train(resume);
        return trainer.State.LogHistory;
    }

    private sealed class Scripted(Action<CallbackContext> onLog) : ITrainerCallback
    {
        public void OnLog(CallbackContext context, LogRecord logs) => onLog(context);
    }
}
