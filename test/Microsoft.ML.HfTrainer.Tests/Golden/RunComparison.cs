using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Compares what a run left with what the original's left, within the tolerances of golden/trainer/README.md.</summary>
/// <param name="golden">What the original's left.</param>
/// <param name="tensors">Its tensors.</param>
/// <param name="sensitivity">How much its numbers move with the rounding of weights.</param>
/// <param name="weights">What the names of its weights begin with, where they differ from those of the run's first part.</param>
internal sealed class RunComparison(JsonElement golden, IReadOnlyDictionary<string, GoldenTensor> tensors, JsonElement sensitivity, string weights = "final")
{
    // The files that stand here for those of the original.
    private static readonly (string Theirs, string Ours)[] _fileNames =
        [("optimizer.pt", "optimizer.safetensors"), ("scheduler.pt", "scheduler.json"), (".pth", ".safetensors"), ("training_args.bin", "training_args.json")];

    // A file more than the original's.
    private const string Manifest = "manifest.json";

    public Differences Differences { get; } = new();

    /// <summary>The least tolerance of numbers and tensors: of a run in bfloat16 only the course is compared.</summary>
    public double LeastTolerance { get; init; }

    public void TrainOutput(TrainOutput output)
    {
        var expected = golden.GetProperty("train_output");
        Differences.Same("global_step", expected.GetProperty("global_step").GetInt32(), output.GlobalStep);
        Number("train_output.training_loss", "train_output.training_loss", expected.GetProperty("training_loss"), output.TrainingLoss);
        Values("train_output.metrics", "train_output.metrics", expected.GetProperty("metrics"), output.Metrics);
    }

    /// <summary>Order, losses and learning rates of the run, and the state at its end.</summary>
    public void Course(RunTrainer trainer, GoldenRun run, EventRecorder recorder)
    {
        Differences.List("order", [.. List("order").SelectMany(epoch => epoch.EnumerateArray()).Select(batch => string.Join(' ', batch.EnumerateArray()))], run.Collator.Batches);
        Differences.List("num_items_in_batch", [.. List("num_items_in_batch").Select(n => n.ValueKind == JsonValueKind.Null ? null : (long?)n.GetDouble())], trainer.LabelCounts);
        foreach (var (index, (should, was)) in List("micro_losses").Zip(trainer.MicroLosses).Index())
            Number($"micro_losses, entry {index}", "micro_losses", should, was);
        foreach (var (index, (should, was)) in List("optimizer_learning_rates").Zip(recorder.LearningRates).Index())
            foreach (var (rate, actual) in should.EnumerateArray().Zip(was))
                Differences.Number($"learning rate of update {index}", rate.GetDouble(), actual, 0, 1e-9);
        var groups = List("optimizer_groups").ToList();
        if (groups.Count > 0)
            Differences.Same("parameter groups", groups.Count, trainer.Optimizer!.Groups.Count);
        foreach (var (should, was) in groups.Zip(trainer.Optimizer!.Groups))
        {
            Differences.List("parameters of a group", [.. should.GetProperty("params").EnumerateArray().Select(p => p.GetString()!)], [.. was.Parameters.Select(p => p.Name)]);
            Differences.Number("weight decay of a group", should.GetProperty("weight_decay").GetDouble(), was.WeightDecay, 0);
            Differences.Number("learning rate of a group after the run", should.GetProperty("lr").GetDouble(), was.LearningRate, 0, 1e-9);
        }
        using var state = ParseState(Encoding.UTF8.GetString(trainer.State.ToJson()));
        State("final_state", golden.GetProperty("final_state"), state.RootElement);
        if (golden.TryGetProperty("problem_type_after", out var type) && type.ValueKind == JsonValueKind.String)
            Differences.Same("problem_type", type.GetString(), run.Model.Config.GetString("problem_type", null));
    }

    public void FinalWeights(PretrainedModel model)
    {
        var final = tensors.Keys.Where(k => k.StartsWith("final.", StringComparison.Ordinal)).ToList();
        Differences.Names("weights", final, model.named_parameters().Select(p => $"final.{p.name}"));
        foreach (var (name, parameter) in model.named_parameters())
            if ((tensors.GetValueOrDefault($"{weights}.{name}") ?? tensors.GetValueOrDefault($"final.{name}")) is { } expected)
                Tensor($"final.{name}", expected, GoldenTensor.Of(parameter));
    }

    public void Prediction(PredictionOutput prediction)
    {
        Values("predict.metrics", "predict.metrics", golden.GetProperty("predict").GetProperty("metrics"), prediction.Metrics);
        var actual = new Dictionary<string, TorchSharp.torch.Tensor>([.. Named("predict.predictions", prediction.AllPredictions), .. Named("predict.label_ids", prediction.AllLabelIds)]);
        Differences.Names("predictions", tensors.Keys.Where(k => k.StartsWith("predict.", StringComparison.Ordinal)), actual.Keys);
        foreach (var (name, tensor) in actual)
            if (tensors.TryGetValue(name, out var expected))
                Tensor(name, expected, GoldenTensor.Of(tensor));
    }

    // One goes by the name alone, several by their place.
    private static IEnumerable<KeyValuePair<string, TorchSharp.torch.Tensor>> Named(string name, IReadOnlyList<TorchSharp.torch.Tensor> all) =>
        all.Select((tensor, place) => KeyValuePair.Create(all.Count == 1 ? name : $"{name}.{place}", tensor));

    public void Record(string name, IReadOnlyDictionary<string, double> actual) => Values(name, name, golden.GetProperty(name), actual);

    public void LogAndEvents(IReadOnlyList<LogRecord> log, IReadOnlyList<string> events)
    {
        var records = List("log_history").ToList();
        Differences.List("log records", records.ConvertAll(r => string.Join(' ', r.EnumerateObject().Select(v => v.Name))), [.. log.Select(r => string.Join(' ', r.Keys))]);
        foreach (var (should, was) in records.Zip(log))
            Values($"log of step {should.GetProperty("step")}", "log_history", should, was);
        Differences.List("events", [.. List("events").Select(e => EventRecorder.Describe(e[0].GetString()!, e[1].GetInt32(), e[2].GetDouble(), e[3].GetString()!))], events);
    }

    public void Files(string folder)
    {
        var actual = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Where(f => Path.GetFileName(f) != Manifest) : [];
        Differences.Names("files", List("files").Select(f => _fileNames.Aggregate(f.GetString()!, (name, pair) => name.Replace(pair.Theirs, pair.Ours))), actual);
        foreach (var state in golden.GetProperty("trainer_states").EnumerateObject())
        {
            var file = Path.Combine(folder, state.Name, TrainerState.FileName);
            if (!File.Exists(file))
                continue;
            using var written = ParseState(File.ReadAllText(file));
            Differences.List($"{state.Name}, names", [.. state.Value.EnumerateObject().Select(v => v.Name)], [.. written.RootElement.EnumerateObject().Select(v => v.Name)]);
            State(state.Name, state.Value, written.RootElement);
        }
    }

    // Python writes NaN and infinities bare, which is no JSON; golden data has them as texts.
    private static JsonDocument ParseState(string text) => JsonDocument.Parse(Regex.Replace(text, @"(?<=: )(NaN|-?Infinity)", "\"$1\""));

    private IEnumerable<JsonElement> List(string field) => golden.GetProperty(field).EnumerateArray();

    private void State(string name, JsonElement expected, JsonElement actual)
    {
        foreach (var field in expected.EnumerateObject())
        {
            if (!actual.TryGetProperty(field.Name, out var value))
                Differences.Same($"{name}.{field.Name}", "there", "absent");
            else if (field.Name == "log_history")
                foreach (var (should, was) in field.Value.EnumerateArray().Zip(value.EnumerateArray()))
                    Values($"{name}.log_history", "log_history", should, was.EnumerateObject().ToDictionary(v => v.Name, v => GoldenTensor.Number(v.Value)));
            else if (field.Name == "best_model_checkpoint")
                Differences.Same($"{name}.{field.Name}", Path.GetFileName(field.Value.GetString()), Path.GetFileName(value.GetString()));
            else if (field.Name == "best_metric" && field.Value.ValueKind == JsonValueKind.Number && value.ValueKind == JsonValueKind.Number)
                Number($"{name}.best_metric", "log_history.eval_loss", field.Value, value.GetDouble());
            else if (field.Value.ValueKind == JsonValueKind.Number && value.ValueKind == JsonValueKind.Number)
                Differences.Number($"{name}.{field.Name}", field.Value.GetDouble(), value.GetDouble(), 0);
            else if (!JsonElement.DeepEquals(field.Value, value))
                Differences.Same($"{name}.{field.Name}", field.Value.GetRawText(), value.GetRawText());
        }
    }

    private void Values(string name, string key, JsonElement expected, IReadOnlyDictionary<string, double> actual)
    {
        Differences.Names(name, expected.EnumerateObject().Select(v => v.Name), actual.Keys);
        foreach (var value in expected.EnumerateObject().Where(v => actual.ContainsKey(v.Name)))
        {
            if (value.Name.EndsWith("_per_second", StringComparison.Ordinal))
                Speed(name, value, expected, actual);
            else if (!value.Name.EndsWith("_runtime", StringComparison.Ordinal) && !value.Name.EndsWith("_time", StringComparison.Ordinal))
                Number($"{name}.{value.Name}", $"{key}.{value.Name}", value.Value, actual[value.Name]);
        }
    }

    // Each side's amount is its speed times its time, both of which are rounded.
    private void Speed(string name, JsonProperty speed, JsonElement expected, IReadOnlyDictionary<string, double> actual)
    {
        var runtime = expected.EnumerateObject().Single(v => v.Name.EndsWith("_runtime", StringComparison.Ordinal));
        var (theirs, ours) = (runtime.Value.GetDouble(), actual[runtime.Name]);
        if (ours > 0.01)
            Differences.Number($"{name}.{speed.Name}, amount", speed.Value.GetDouble() * theirs, actual[speed.Name] * ours, 0.001 * (theirs + ours), 1e-4 / ours);
    }

    private void Number(string name, string key, JsonElement expected, double actual)
    {
        var value = GoldenTensor.Number(expected);
        var exact = name.EndsWith("epoch", StringComparison.Ordinal) || name.EndsWith("step", StringComparison.Ordinal) || name.EndsWith("total_flos", StringComparison.Ordinal);
        Differences.Number(name, value, actual, exact ? 0 : Math.Max(LeastTolerance, 1e-5 * (1 + Math.Abs(value)) + 20 * Sensitivity("numbers", key)));
    }

    private void Tensor(string name, GoldenTensor expected, GoldenTensor actual) =>
        Differences.Tensor(name, expected, actual, Math.Max(LeastTolerance, 1e-5 * (1 + expected.Values.Max(Math.Abs)) + 20 * Sensitivity("tensors", name)));

    private double Sensitivity(string kind, string key) => sensitivity.GetProperty(kind).TryGetProperty(key, out var value) ? value.GetDouble() : 0;
}
