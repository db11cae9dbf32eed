using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Formats.Pickle;
using Microsoft.ML.HfTrainer.Formats.Torch;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Folders of weights and checkpoints that Python wrote, read without Python.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenCheckpoints
{
    private static string Suite => Path.Combine(GoldenFolder.Path, "trainer");

    private static string Folder => Path.Combine(Suite, "checkpoint");

    private static IEnumerable<string> Folders => Directory.Exists(Folder) ? Directory.GetDirectories(Folder).Order(StringComparer.Ordinal) : [];

    public static IEnumerable<object[]> WeightRows => Folders.Where(HasWeights).Select(f => new object[] { Path.GetFileName(f) });

    public static IEnumerable<object[]> CheckpointRows => Folders.Where(f => File.Exists(Path.Combine(f, TrainerState.FileName))).Select(f => new object[] { Path.GetFileName(f) });

    public static string RowName(MethodInfo method, object[] row) => $"{row[0]}: {method.Name}";

    [TestMethod]
    public void Cases_are_found()
    {
        GoldenFolder.AssertFound("trainer/checkpoint (weights)", WeightRows.Count());
        GoldenFolder.AssertFound("trainer/checkpoint (checkpoints)", CheckpointRows.Count());
    }

    [TestMethod]
    [DynamicData(nameof(WeightRows), DynamicDataDisplayName = nameof(RowName))]
    public void Weights_agree(string name)
    {
        var folder = Path.Combine(Folder, name);
        using var actual = WeightFiles.Open(folder);
        using var expected = Expected(folder, actual);
        var differences = new Differences();
        differences.Names("tensors", expected.Names, actual.Names);
        foreach (var tensor in expected.Names.Intersect(actual.Names))
        {
            var (should, was) = (expected.Entries[tensor], actual.Entries[tensor]);
            differences.Same($"{tensor}, type", should.DType, was.DType);
            differences.List($"{tensor}, shape", should.Shape, was.Shape);
            differences.List($"{tensor}, bytes", expected.GetBytes(tensor).ToArray(), actual.GetBytes(tensor).ToArray());
        }
        differences.AssertNone();
    }

    [TestMethod]
    [DynamicData(nameof(CheckpointRows), DynamicDataDisplayName = nameof(RowName))]
    public void Is_whole_and_its_state_is_read(string name)
    {
        var folder = Path.Combine(Folder, name);
        Assert.IsNull(CheckpointVerification.FindDamage(folder));
        var bytes = File.ReadAllBytes(Path.Combine(folder, TrainerState.FileName));
        var (written, differences) = (PythonJson.ParseObject(bytes), new Differences());
        var again = PythonJson.ParseObject(TrainerState.FromJson(bytes).ToJson());
        differences.Names("fields", written.Select(f => f.Key), again.Select(f => f.Key));
        foreach (var (field, value) in written.Where(f => f.Key != "stateful_callbacks"))
            Compare(field, value, again[field], differences);
        differences.AssertNone();
    }

    [TestMethod]
    [DynamicData(nameof(CheckpointRows), DynamicDataDisplayName = nameof(RowName))]
    public void Optimizer_schedule_and_generator_agree(string name)
    {
        var folder = Path.Combine(Folder, name);
        using var json = GoldenFolder.ReadJson(Path.Combine(Folder, "expected.json"));
        var expected = json.RootElement;
        if (expected.GetProperty("checkpoint").GetString() != name)
            Assert.Fail($"expected.json is of '{expected.GetProperty("checkpoint")}'.");
        var differences = new Differences();
        using (var file = TorchFile.Open(Path.Combine(folder, PythonProgress.OptimizerName)))
        {
            CompareOptimizer(file, expected.GetProperty("optimizer_param_groups"), differences);
            Compare("param_groups", JsonNode.Parse(expected.GetProperty("optimizer_param_groups").GetRawText()), PickleJson.Of(((PickleDictionary)file.Root!)["param_groups"]), differences);
        }
        using (var file = TorchFile.Open(Path.Combine(folder, PythonProgress.SchedulerName)))
            Compare("scheduler", JsonNode.Parse(expected.GetProperty("scheduler").GetRawText()), PickleJson.Of(file.Root), differences);
        using (var file = TorchFile.Open(Path.Combine(folder, PythonProgress.RandomName)))
            differences.Names("random states", expected.GetProperty("rng_keys").EnumerateArray().Select(k => k.GetString()!), ((PickleDictionary)file.Root!).Items.Select(i => (string)i.Key));
        var generator = PythonProgress.ReadGenerators(folder)!["cpu"];
        differences.Same("bytes of the generator", expected.GetProperty("rng_cpu_bytes").GetInt32(), generator.Length);
        differences.List("generator", expected.GetProperty("rng_cpu_first_64").EnumerateArray().Select(b => b.GetInt32()).ToList(), generator.Take(64).Select(b => (int)b).ToList());
        differences.AssertNone();
    }

    [TestMethod]
    [DynamicData(nameof(CheckpointRows), DynamicDataDisplayName = nameof(RowName))]
    public void A_run_goes_on_from_it_as_the_original_does(string name)
    {
        var folder = Path.Combine(Folder, name);
        var runFolder = RunOf(folder);
        using var document = GoldenFolder.ReadJson(Path.Combine(runFolder, "run.json.gz"));
        using var output = new TemporaryFolder();
        var golden = document.RootElement;
        using var run = new GoldenRun(Suite, golden.GetProperty("settings"), output["out"]);
        var compare = new RunComparison(golden.GetProperty("resumed"), GoldenTensor.ReadAll(Path.Combine(runFolder, "tensors.safetensors")), golden.GetProperty("sensitivity"), "resumed");
        var recorder = new EventRecorder();
        using var trainer = RunTrainer.Of(run, recorder);
        compare.TrainOutput(trainer.Train(folder));
        compare.Course(trainer, run, recorder);
        compare.FinalWeights(run.Model);
        compare.LogAndEvents(trainer.State.LogHistory, recorder.Events);
        compare.Files(output["out"]);
        compare.Differences.AssertNone();
    }

    private static bool HasWeights(string folder) =>
        new[] { WeightFiles.SingleName, WeightFiles.IndexName, "pytorch_model.bin", "pytorch_model.bin.index.json" }.Any(file => File.Exists(Path.Combine(folder, file)));

    // The one that resumed from a checkpoint of this name and had this state there.
    private static string RunOf(string folder)
    {
        var (name, state) = (Path.GetFileName(folder), PythonJson.ReadObject(Path.Combine(folder, TrainerState.FileName)));
        foreach (var run in GoldenFolder.Cases(Path.Combine("trainer", "runs"), "run.json.gz"))
        {
            using var document = GoldenFolder.ReadJson(Path.Combine(run, "run.json.gz"));
            if (document.RootElement.GetProperty("settings").TryGetProperty("resume", out var resume) && resume.GetString() == name
                && JsonNode.DeepEquals(JsonNode.Parse(document.RootElement.GetProperty("trainer_states").GetProperty(name).GetRawText()), state))
                return run;
        }
        throw new FileNotFoundException($"No run below {Suite} was where {folder} is.");
    }

    // Beside it, or the model that it was split from.
    private static WeightFiles Expected(string folder, WeightFiles actual)
    {
        var beside = Path.Combine(folder, "expected.safetensors");
        if (File.Exists(beside))
            return new WeightFiles(SafetensorsFile.Open(beside));
        if (File.Exists(Path.Combine(folder, TrainerState.FileName)))
            return WeightFiles.Open(folder);
        var shapes = Shapes(actual);
        foreach (var model in Directory.GetDirectories(Path.Combine(Suite, "models")).Order(StringComparer.Ordinal))
        {
            var candidate = WeightFiles.Open(model);
            if (Shapes(candidate).SetEquals(shapes))
                return candidate;
            candidate.Dispose();
        }
        throw new FileNotFoundException($"{folder} has no expected.safetensors, and no model of the suite has its shapes.");
    }

    private static HashSet<string> Shapes(WeightFiles weights) => [.. weights.Entries.Values.Select(e => e.ToString())];

    private static void CompareOptimizer(TorchFile file, JsonElement groups, Differences differences)
    {
        using var expected = SafetensorsFile.Open(Path.Combine(Folder, "expected_optimizer.safetensors"));
        List<IReadOnlyList<string>> indices = [.. groups.EnumerateArray().Select(g => (IReadOnlyList<string>)[.. g.GetProperty("params").EnumerateArray().Select(p => p.GetRawText())])];
        using var actual = PythonProgress.ReadOptimizer(file, indices);
        differences.Names("optimizer's state", expected.Entries.Keys, actual.Keys);
        foreach (var name in expected.Entries.Keys.Intersect(actual.Keys))
            differences.List(name, expected.GetBytes(name).ToArray(), actual[name].bytes.ToArray());
    }

    private static void Compare(string name, JsonNode? expected, JsonNode? actual, Differences differences)
    {
        switch (expected)
        {
            case JsonObject fields when actual is JsonObject others:
                differences.Names(name, fields.Select(f => f.Key), others.Select(f => f.Key));
                foreach (var (key, value) in fields)
                    Compare($"{name}.{key}", value, others[key], differences);
                break;
            case JsonArray items when actual is JsonArray others && others.Count == items.Count:
                for (var i = 0; i < items.Count; i++)
                    Compare($"{name}[{i}]", items[i], others[i], differences);
                break;
            default:
                if (PythonJson.Number(expected) is { } number && PythonJson.Number(actual) is { } other)
                    differences.Same(name, number, other);
                else
                    differences.Same(name, expected?.ToJsonString() ?? "null", actual?.ToJsonString() ?? "null");
                break;
        }
    }
}
