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
        var (golden, settings) = (document.RootElement, document.RootElement.GetProperty("settings"));
        var (tensors, sensitivity) = (GoldenTensor.ReadAll(Path.Combine(folder, "tensors.safetensors")), golden.GetProperty("sensitivity"));
        using var run = new GoldenRun(Suite, settings, output["out"]);
        var leastTolerance = run.Arguments.Bf16 ? 0.05 : 0;
        var compare = new RunComparison(golden, tensors, sensitivity) { LeastTolerance = leastTolerance };
        Follow(run, compare, null, output["out"]);
        compare.Differences.AssertNone();
        if (run.Resume is not { } checkpoint)
            return;
        using var second = new GoldenRun(Suite, settings, output["out_resumed"]);
        compare = new RunComparison(golden.GetProperty("resumed"), tensors, sensitivity, "resumed") { LeastTolerance = leastTolerance };
        Follow(second, compare, Path.Combine(output["out"], checkpoint), output["out_resumed"]);
        compare.Differences.AssertNone();
    }

    private static void Follow(GoldenRun run, RunComparison compare, string? checkpoint, string output)
    {
        var recorder = new EventRecorder();
        using var trainer = RunTrainer.Of(run, recorder);
        var whole = checkpoint is null;
        if (whole && run.ExtraEvaluation("evaluate_first") is { } first)
            compare.Record("evaluate_first", trainer.Evaluate(first));
        compare.TrainOutput(trainer.Train(checkpoint));
        compare.Course(trainer, run, recorder);
        compare.FinalWeights(run.Model);
        if (whole && run.ExtraEvaluation("evaluate_after") is { } after)
            compare.Record("evaluate_after", trainer.Evaluate(after));
        if (whole && run.Predicts)
        {
            using var prediction = trainer.Predict(run.Test);
            compare.Prediction(prediction);
        }
        compare.LogAndEvents(trainer.State.LogHistory, recorder.Events);
        compare.Files(output);
    }
}
