using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Tests.Distributed;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Real runs of several processes, run again by as many trainers that meet over TCP, each on a thread of its own: what every one trained on, lost and ended with.</summary>
[TestClass]
[TestCategory(DistributedCases.Category)]
public class GoldenDistributedRuns
{
    // What differs between processes, and what the golden run holds of each.
    private static readonly string[] _ofRank = ["order", "num_items_in_batch", "micro_losses"];

    private static string Suite => Path.Combine(GoldenFolder.Path, "distributed");

    public static IEnumerable<object[]> Rows => DistributedCases.Rows("runs/runs.json", "runs").Select(row => new[] { row[0] });

    public static string RowName(MethodInfo method, object[] row) => (string)row[0];

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name)
    {
        var folder = Path.Combine(Suite, "runs", name);
        using var document = GoldenFolder.ReadJson(Path.Combine(folder, "run.json.gz"));
        using var output = new TemporaryFolder();
        var (golden, settings) = (document.RootElement, document.RootElement.GetProperty("settings"));
        if (settings.TryGetProperty("nodes", out _))
            GoldenFolder.Skip("a folder for each machine");
        var (tensors, sensitivity) = (GoldenTensor.ReadAll(Path.Combine(folder, "tensors.safetensors")), golden.GetProperty("sensitivity"));
        var size = settings.GetProperty("world_size").GetInt32();
        Follow(size, golden, settings, output["out"], null, document => new RunComparison(document, tensors, sensitivity));
        if (settings.TryGetProperty("resume", out var checkpoint))
            Follow(
                settings.TryGetProperty("resume_world_size", out var other) ? other.GetInt32() : size, golden.GetProperty("resumed"), settings, output["out_resumed"],
                Path.Combine(output["out"], checkpoint.GetString()!), document => new RunComparison(document, tensors, sensitivity, "resumed"));
    }

    private static void Follow(int size, JsonElement golden, JsonElement settings, string output, string? checkpoint, Func<JsonElement, RunComparison> comparison)
    {
        var runs = Enumerable.Range(0, size).Select(_ => new GoldenRun(Path.Combine(GoldenFolder.Path, "trainer"), settings, output)).ToList();
        try
        {
            var compares = Enumerable.Range(0, size).Select(rank => comparison(OfRank(golden, rank, size))).ToList();
            TcpRanks.Run(size, communicator => Follow(communicator, runs[communicator.Rank], compares[communicator.Rank], checkpoint, output));
            foreach (var compare in compares)
                compare.Differences.AssertNone();
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }
    }

    private static bool Follow(TcpCommunicator communicator, GoldenRun run, RunComparison compare, string? checkpoint, string output)
    {
        var recorder = new EventRecorder();
        using var trainer = RunTrainer.Of(run, recorder);
        compare.TrainOutput(trainer.Train(checkpoint));
        compare.Course(trainer, run, recorder);
        compare.FinalWeights(run.Model);
        if (checkpoint is null && run.ExtraEvaluation("evaluate_after") is { } after)
            compare.Record("evaluate_after", trainer.Evaluate(after));
        if (checkpoint is null && run.Predicts)
        {
            using var prediction = trainer.Predict(run.Test);
            compare.Prediction(prediction);
        }
        compare.LogAndEvents(trainer.State.LogHistory, recorder.Events);
        communicator.Barrier();
        if (communicator.Rank == 0)
            compare.Files(output);
        return true;
    }

    // The file of a process as that of a run of one. The losses of processes add up here; those of the original are averaged.
    private static JsonElement OfRank(JsonElement golden, int rank, int size)
    {
        var all = JsonSerializer.SerializeToNode(golden)!.AsObject();
        foreach (var field in _ofRank)
            all[field] = all["ranks"]![rank]![field]!.DeepClone();
        all["micro_losses"] = new JsonArray([.. all["micro_losses"]!.AsArray().Select(loss => JsonValue.Create(loss!.GetValue<double>() / size))]);
        // Losses after the last log are those of each process in the original, and of all here.
        if (all["train_output_by_rank"] is JsonArray outputs)
        {
            var loss = outputs.Average(output => output!["training_loss"]!.GetValue<double>());
            (all["train_output"]!["training_loss"], all["train_output"]!["metrics"]!["train_loss"]) = (loss, loss);
            all["log_history"]!.AsArray().Last(record => record!["train_loss"] is not null)!["train_loss"] = loss;
        }
        // The set has this total elsewhere; and the library's number of epochs without end is another.
        all["train_output"]!["metrics"]!["total_flos"] = all["final_state"]!["total_flos"]!.DeepClone();
        if (all["final_state"]!["num_train_epochs"]!.GetValue<double>() > int.MaxValue)
            all["final_state"]!["num_train_epochs"] = int.MaxValue;
        foreach (var field in new[] { "is_world_process_zero", "is_local_process_zero" })
            all["final_state"]!.AsObject().Remove(field);
        all["optimizer_groups"] ??= new JsonArray();
        all["trainer_states"] ??= new JsonObject();
        all["files"] = all["files"]!["node0"]!.DeepClone();
        return JsonSerializer.SerializeToElement(all);
    }
}
