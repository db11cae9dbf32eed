using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Tests.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>
/// Files between the two libraries: what is saved here is loaded by the original, which computes the same of it, and what that saves is loaded here. Every
/// case of golden models whose architecture is registered takes part, and a small model of every registered architecture and head; where there is no Python with
/// the original, the tests say so.
/// </summary>
[TestClass]
[TestCategory("Process")]
public sealed class PythonRoundTrip
{
    private const string Suite = "models", Saved = "saved", Again = "again", Outputs = "outputs.safetensors";

    // One more than a multiple of nothing, so that no size is right by chance.
    private const int MoreTokens = 7;

    private const int Seed = 3;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Files_mean_the_same_on_both_sides() => Compare([.. GoldenFolder.Cases(Suite, ModelCase.File).Select(f => new ModelCase(f)).Where(IsRegistered)], 1e-4);

    [TestMethod]
    public void Every_head_of_every_architecture_means_the_same_on_both_sides()
    {
        using var folder = new TemporaryFolder();
        Compare([.. SmallModels.Pairs.Select(pair => SmallModels.Make(folder[$"{pair.ModelType}.{pair.Head}"], pair.ModelType, pair.Head))], 1e-5);
    }

    [TestMethod]
    public void New_heads_are_drawn_as_in_the_original()
    {
        using var folder = new TemporaryFolder();
        var pairs = SmallModels.Pairs.Where(pair => pair.Head != ModelHead.Base).ToList();
        foreach (var type in pairs.Select(pair => pair.ModelType).Distinct())
            SmallModels.Make(folder[type], type, ModelHead.Base);
        var input = new JsonArray([.. pairs.Select(pair => new JsonObject
        {
            ["model"] = folder[pair.ModelType],
            ["class"] = Architecture.Registered[pair.ModelType].ClassNameOf(pair.Head),
            ["seed"] = Seed,
            ["outputs"] = folder[$"{pair.ModelType}.{pair.Head}.safetensors"],
        })]);
        var output = Run("new_heads.py", input);
        var differences = new Differences();
        foreach (var ((type, head), error) in pairs.Zip(output.EnumerateArray()))
        {
            using var scope = NewDisposeScope();
            differences.Same($"{type}, {head}: error", null, error.GetString());
            torch.random.manual_seed(Seed);
            using var model = GoldenModel.Open(folder[type], head, default);
            var weights = model.named_parameters().Select(p => (Name: p.name, Tensor: (Tensor)p.parameter)).Concat(model.named_buffers().Select(b => (Name: b.name, Tensor: b.buffer)))
                .ToDictionary(w => w.Name, w => w.Tensor);
            // What the original does not find in the file, and is found here, is not new.
            foreach (var (name, expected) in GoldenTensor.ReadAll(folder[$"{type}.{head}.safetensors"]).Where(w => model.LoadReport.Missing.Contains(w.Key)))
                differences.Tensor($"{type}, {head}: {name}", expected, weights[name], 1e-6, 1e-5);
        }
        differences.AssertNone();
    }

    [TestMethod]
    public void Every_head_of_the_original_is_registered()
    {
        var architectures = SmallModels.Pairs.Select(pair => pair.ModelType).Distinct().Select(type => Architecture.Registered[type]).ToList();
        var output = Run("heads.py", new JsonArray([.. architectures.Select(a => JsonValue.Create(a.ModelType))]));
        var differences = new Differences();
        foreach (var architecture in architectures)
        {
            var expected = output.GetProperty(architecture.ModelType).EnumerateObject().Select(head => $"{head.Name} {head.Value.GetString()}");
            differences.Names(architecture.ModelType, expected, architecture.Heads.Where(head => head != ModelHead.SentenceEmbedding).Select(head => $"{head} {architecture.ClassNameOf(head)}"));
        }
        differences.AssertNone();
    }

    private void Compare(List<ModelCase> cases, double tolerance)
    {
        using var folder = new TemporaryFolder();
        foreach (var golden in cases)
            using (var model = golden.Open(AttentionImplementation.Eager))
                model.SavePretrained(Folder(golden, Saved));
        var input = new JsonArray([.. cases.Select(golden => new JsonObject
        {
            ["model"] = Folder(golden, Saved),
            ["case"] = Path.Combine(golden.Folder, ModelCase.File),
            ["again"] = Folder(golden, Again),
            ["outputs"] = Path.Combine(Folder(golden, ""), Outputs),
            ["resized"] = IsResized(golden) ? SizeOf(golden) + MoreTokens : null,
        })]);
        var output = Run("round_trip.py", input);
        var differences = new Differences();
        foreach (var (golden, result) in cases.Zip(output.EnumerateArray()))
            Compare(golden, result, differences);
        TestContext.WriteLine($"{cases.Count} models of {cases.Select(c => PretrainedConfig.FromPretrained(c.Folder).ModelType).Distinct().Count()} architectures went to the original and back.");
        differences.AssertNone();

        string Folder(ModelCase golden, string part) => Path.Combine(folder.Path, Path.GetFileName(golden.Folder), part);

        void Compare(ModelCase golden, JsonElement result, Differences differences)
        {
            var name = Path.GetFileName(golden.Folder);
            differences.Same($"{name}: error", null, result.GetProperty("error").GetString());
            if (result.GetProperty("error").ValueKind != JsonValueKind.Null)
                return;
            foreach (var list in new[] { "missing", "unexpected" })
                differences.Same($"{name}: {list}", "[]", result.GetProperty(list).GetRawText());
            using (var saved = WeightFiles.Open(Folder(golden, Saved)))
            using (var again = WeightFiles.Open(Folder(golden, Again)))
                differences.Names($"{name}: weights", again.Entries.Keys, saved.Entries.Keys);
            var expected = GoldenTensor.ReadAll(Path.Combine(Folder(golden, ""), Outputs));
            foreach (var source in new[] { golden.Folder, Folder(golden, Again) })
            {
                using var scope = NewDisposeScope();
                using var model = GoldenModel.Open(source, GoldenModel.Head(golden.HeadName), AttentionImplementation.Eager);
                using var batch = golden.Batch();
                differences.Same($"{name}: {model.LoadReport}", "", model.LoadReport.ToString());
                var ours = model.call(batch);
                foreach (var (key, tensor) in expected.Where(e => !e.Key.StartsWith("resized", StringComparison.Ordinal)))
                    differences.Tensor($"{name}: {key}", tensor, key == "loss" ? ours.Loss!.reshape(1) : GoldenModels.Output(ours, key), tolerance * golden.Slack("outputs"), tolerance * golden.Slack("outputs"));
            }
            if (IsResized(golden))
                CompareResized(golden, name, expected, differences);
        }
    }

    private JsonElement Run(string program, JsonArray input) => JsonDocument.Parse(PythonPeer.Run(program, input.ToJsonString(), TestContext)).RootElement;

    private static void CompareResized(ModelCase golden, string name, IReadOnlyDictionary<string, GoldenTensor> expected, Differences differences)
    {
        using var scope = NewDisposeScope();
        using var model = golden.Open(AttentionImplementation.Eager);
        using var batch = golden.Batch();
        torch.random.manual_seed(Seed);
        model.ResizeTokenEmbeddings(SizeOf(golden) + MoreTokens);
        differences.Tensor($"{name}: resized_embedding", expected["resized_embedding"], model.InputEmbedding!.Weight.Parameter.detach(), 1e-6, 1e-5);
        differences.Tensor($"{name}: resized_logits", expected["resized_logits"], model.call(batch).Logits, 1e-4 * golden.Slack("outputs"), 1e-4 * golden.Slack("outputs"));
    }

    private static bool IsResized(ModelCase golden) => GoldenModel.Head(golden.HeadName) is ModelHead.MaskedLM or ModelHead.CausalLM or ModelHead.Seq2SeqLM;

    private static int SizeOf(ModelCase golden) => PretrainedConfig.FromPretrained(golden.Folder).GetSize("vocab_size");

    private static bool IsRegistered(ModelCase golden) =>
        Architecture.Registered.TryGetValue(PretrainedConfig.FromPretrained(golden.Folder).ModelType, out var architecture) && architecture.Heads.Contains(GoldenModel.Head(golden.HeadName));
}
