using System.Reflection;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Real runs of the original Trainer, run again: every log record, event, loss and file, and the weights at the end.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenTrainer
{
    private static string Suite => Path.Combine(GoldenFolder.Path, "trainer");

    public static IEnumerable<object[]> Rows
    {
        get
        {
            var list = Path.Combine(Suite, "runs", "runs.json");
            if (!File.Exists(list))
                return [];
            using var names = GoldenFolder.ReadJson(list);
            return [.. names.RootElement.GetProperty("runs").EnumerateArray().Select(name => new object[] { name.GetString()! })];
        }
    }

    public static string RowName(MethodInfo method, object[] row) => (string)row[0];

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trainer/runs", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name)
    {
        var folder = Path.Combine(Suite, "runs", name);
        using var document = GoldenFolder.ReadJson(Path.Combine(folder, "run.json.gz"));
        using var output = new TemporaryFolder();
        using var run = new GoldenRun(Suite, document.RootElement.GetProperty("settings"), output["out"]);
        var recorder = new EventRecorder();
        using var trainer = new RunTrainer(run, recorder);
        var compare = new RunComparison(document.RootElement, GoldenTensor.ReadAll(Path.Combine(folder, "tensors.safetensors")));

        if (run.ExtraEvaluation("evaluate_first") is { } first)
            compare.Record("evaluate_first", trainer.Evaluate(metricKeyPrefix: first));
        compare.TrainOutput(trainer.Train());
        compare.Course(trainer, run, recorder);
        compare.FinalWeights(run.Model);
        if (run.ExtraEvaluation("evaluate_after") is { } after)
            compare.Record("evaluate_after", trainer.Evaluate(metricKeyPrefix: after));
        if (run.Predicts)
        {
            using var prediction = trainer.Predict(run.Test);
            compare.Prediction(prediction);
        }
        compare.LogAndEvents(trainer.State.LogHistory, recorder.Events);
        compare.Files(output["out"]);
        compare.Differences.AssertNone();
    }
}
