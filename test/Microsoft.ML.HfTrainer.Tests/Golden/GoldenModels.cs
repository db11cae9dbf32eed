using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Tests.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>
/// Outputs, gradients and a short training run of tiny checkpoints against those of the original: a row for each checkpoint and way of computing
/// attention, one for saving and loading it, one for computing without its padding, and one for what it generates.
/// </summary>
[TestClass]
[TestCategory("GoldenModels")]
public class GoldenModels
{
    private const string Suite = "models", Reload = "reload", Packed = "packed", Generate = "generate", Gradient = "grad.";

    public static IEnumerable<object[]> Rows =>
        from folder in GoldenFolder.Cases(Suite, ModelCase.File)
        from part in (string[])[.. Enum.GetNames<AttentionImplementation>().Select(n => n.ToLowerInvariant()), Reload, Packed, .. new ModelCase(folder).Generates ? [Generate] : Array.Empty<string>()]
        select new object[] { Path.GetFileName(folder), part };

    public static string RowName(MethodInfo method, object[] row) => $"{row[0]} / {row[1]}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound(Suite, Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string folder, string part)
    {
        var golden = new ModelCase(Path.Combine(GoldenFolder.Path, Suite, folder));
        using var model = golden.Open(part is Reload or Packed or Generate ? default : GoldenModel.Attention(part));
        var differences = new Differences();
        switch (part)
        {
            case Reload:
                CompareFiles(golden, model, differences);
                break;
            case Packed:
                ComparePacked(golden, model, differences);
                break;
            case Generate:
                foreach (var useCache in new[] { true, false })
                    CompareGenerated(golden, model, useCache, differences);
                break;
            default:
                CompareStep(golden, model, differences);
                if (golden.Run is { } run)
                    CompareRun(golden, run, model, differences);
                break;
        }
        differences.AssertNone();
    }

    private static void CompareStep(ModelCase golden, PretrainedModel model, Differences differences)
    {
        using var scope = NewDisposeScope();
        using var batch = golden.Batch();
        var output = model.call(batch);
        var expected = golden.Expected;
        foreach (var name in expected.Keys.Where(IsOutput))
            differences.Tensor(name, expected[name], Output(output, name), 1e-5 * golden.Slack("outputs"), 1e-4 * golden.Slack("outputs"));
        if (golden.Loss is not { } loss)
            return;
        differences.Number("loss", loss, output.Loss!.item<float>(), 1e-5 * golden.Slack("loss"), 1e-4 * golden.Slack("loss"));
        model.train();
        model.call(batch).Loss!.backward();
        var gradients = Gradients(golden, model);
        differences.Names("gradients", gradients.Keys, model.named_parameters().Select(p => p.name));
        foreach (var (name, parameter) in model.named_parameters())
            if (gradients.TryGetValue(name, out var gradient))
                differences.Tensor($"grad.{name}", gradient, parameter.grad ?? zeros_like(parameter), 1e-5 * golden.Slack("gradients"), 1e-3 * golden.Slack("gradients"));
        model.zero_grad(set_to_none: true);
        model.eval();
    }

    private static void CompareRun(ModelCase golden, JsonElement run, PretrainedModel model, Differences differences)
    {
        if (run.GetProperty("optimizer").GetString() is var optimizer and not "adamw")
            GoldenFolder.Skip($"optimizer '{optimizer}' of a model run");
        using var trainer = new OneBatchTrainer(golden, run, model);
        trainer.Train();
        var decayed = run.GetProperty("decayed").EnumerateArray().Select(n => n.GetString()!).Intersect(model.named_parameters().Select(p => p.name));
        differences.Names("decayed", decayed, trainer.Optimizer!.Groups[0].Parameters.Select(p => p.Name));
        foreach (var (step, record) in run.GetProperty("steps").EnumerateArray().Zip(trainer.State.LogHistory))
        {
            var at = $"step {record["step"]}, ";
            differences.Number(at + "loss", step.GetProperty("loss").GetDouble(), record["loss"], 1e-4 * golden.Slack("run.loss"), 1e-3 * golden.Slack("run.loss"));
            differences.Number(at + "grad_norm", step.GetProperty("grad_norm").GetDouble(), record["grad_norm"], 1e-4 * golden.Slack("run.grad_norm"), 1e-3 * golden.Slack("run.grad_norm"));
            differences.Number(at + "learning_rate", step.GetProperty("learning_rate").GetDouble(), record["learning_rate"], 0, 1e-12);
        }
        differences.Same("updates", run.GetProperty("steps").GetArrayLength(), trainer.State.GlobalStep);
        using var scope = NewDisposeScope();
        using var batch = golden.Batch();
        var expected = golden.Expected;
        var (should, was) = (expected["logits_after_run"], GoldenTensor.Of(Output(model.call(batch), expected.ContainsKey("logits") ? "logits" : "start_logits")));
        if (golden.RowsAreFree)
            (should, was) = (should.CenterRows(), was.CenterRows());
        differences.Tensor("logits_after_run", should, was, 1e-4 * golden.Slack("logits_after_run"), 1e-3 * golden.Slack("logits_after_run"));
    }

    // Without padding a model gives what it gives with it, wherever there is a token.
    internal static void ComparePacked(ModelCase golden, PretrainedModel model, Differences differences)
    {
        using var scope = NewDisposeScope();
        using var batch = golden.Batch(withPadding: true);
        var isToken = batch.Get("attention_mask").to(ScalarType.Bool);
        var padded = Run(packed: false);
        var packed = Run(packed: true);
        // Rounding differs by processor and by batch; how much a case makes of it, its sensitivity says.
        foreach (var (name, expected) in padded)
            if (golden.Slack(name.StartsWith(Gradient, StringComparison.Ordinal) ? "gradients" : "outputs") is var slack)
                differences.Tensor(name, expected, packed[name], 1e-5 * slack, 1e-5 * slack);

        Dictionary<string, GoldenTensor> Run(bool packed)
        {
            batch.Packed = packed;
            model.zero_grad(set_to_none: true);
            var output = model.call(batch);
            output.Loss?.backward();
            var tensors = output.Others.Append(KeyValuePair.Create(output.Name, output.Logits)).ToDictionary(o => o.Key, o => GoldenTensor.Of(OfTokens(o.Value)));
            foreach (var (name, parameter) in model.named_parameters().Where(p => p.parameter.grad is not null))
                tensors[Gradient + name] = GoldenTensor.Of(parameter.grad!);
            return tensors;
        }

        Tensor OfTokens(Tensor output) => output.dim() > 2 && output.shape[1] == isToken.shape[^1] ? output[isToken] : output;
    }

    private static void CompareGenerated(ModelCase golden, PretrainedModel model, bool useCache, Differences differences)
    {
        using var batch = golden.GenerationBatch();
        foreach (var (name, config, sequences) in golden.Generations)
        {
            config.UseCache = useCache;
            using var output = model.Generate(batch.Get("input_ids"), batch.Get("attention_mask"), config);
            var found = GoldenTensor.Of(output.Sequences);
            var rows = found.Values.Chunk((int)found.Shape[1]).Select(row => string.Join(' ', row));
            differences.List($"{name} {(useCache ? "with" : "without")} the cache", sequences, [.. rows]);
        }
    }

    internal static void CompareFiles(ModelCase golden, PretrainedModel model, Differences differences)
    {
        using var folder = new TemporaryFolder();
        model.SavePretrained(folder.Path);
        using var before = WeightFiles.Open(golden.Folder);
        using var after = WeightFiles.Open(folder.Path);
        differences.Names("weights", before.Entries.Keys, after.Entries.Keys);
        foreach (var name in before.Entries.Keys.Intersect(after.Entries.Keys))
        {
            differences.List($"shape of {name}", before.Entries[name].Shape, after.Entries[name].Shape);
            differences.Same($"bytes of {name}", true, before.GetBytes(name).SequenceEqual(after.GetBytes(name)));
        }
        using var again = GoldenModel.Open(folder.Path, GoldenModel.Head(golden.HeadName), default);
        foreach (var ((name, saved), (_, loaded)) in model.named_parameters().Zip(again.named_parameters()))
            differences.Same($"parameter {name} loaded again", true, MemoryMarshal.Cast<byte, int>(saved.bytes).SequenceEqual(MemoryMarshal.Cast<byte, int>(loaded.bytes)));
    }

    private static bool IsOutput(string name) => !name.StartsWith(Gradient, StringComparison.Ordinal) && name != "logits_after_run";

    internal static Tensor Output(ModelOutput output, string name)
    {
        if (output.Find(name) is null)
            GoldenFolder.Skip($"models give no '{name}'");
        return output.Find(name)!;
    }

    // The original lists a tied weight once, in some models by its other name.
    private static Dictionary<string, GoldenTensor> Gradients(ModelCase golden, PretrainedModel model) =>
        golden.Expected.Where(t => t.Key.StartsWith(Gradient, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[Gradient.Length..] is var name && model.TiedNames.TryGetValue(name, out var source) ? source : name, t => t.Value);

    /// <summary>Trains on the batch of a case again and again.</summary>
    private sealed class OneBatchTrainer(ModelCase golden, JsonElement run, PretrainedModel model)
        : Trainer(model, Arguments(golden, run), Dataset.From(Enumerable.Repeat(new Example(), golden.Size)), dataCollator: new OneBatch(golden))
    {
        // The run is one of the model by itself, whose loss is the mean over its own labels.
        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
        {
            batch.LabelCount = null;
            return base.ComputeLoss(batch);
        }

        private static TrainingArguments Arguments(ModelCase golden, JsonElement run) => new()
        {
            PerDeviceTrainBatchSize = golden.Size,
            MaxSteps = run.GetProperty("max_steps").GetInt32(),
            LearningRate = run.GetProperty("learning_rate").GetDouble(),
            WeightDecay = run.GetProperty("weight_decay").GetDouble(),
            WarmupSteps = run.GetProperty("warmup_steps").GetDouble(),
            MaxGradNorm = run.GetProperty("max_grad_norm").GetDouble(),
            LoggingSteps = 1,
            LossNormalization = LossNormalization.Original,
            RandomStream = RandomStream.Reference,
            UseCpu = true,
        };

        private sealed class OneBatch(ModelCase golden) : IDataCollator
        {
            public Batch Collate(IReadOnlyList<Example> examples) => golden.Batch();
        }
    }
}
