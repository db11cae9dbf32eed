using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Trains, evaluates or predicts as specified by a workload, with the defaults of the library, and reports one JSON line.</summary>
internal static class SequenceClassificationRun
{
    public static string Run(Workload workload, Options options)
    {
        var start = Clock.ProcessStart();
        var seed = workload.Int("seed", 42);
        var tokenizer = HfTokenizer.FromPretrained(workload.Tokenizer);
        var watch = Stopwatch.StartNew();
        var data = Load(workload, workload.Text("data"), workload.Int("limit"), tokenizer);
        var tokenizeSeconds = watch.Elapsed.TotalSeconds;
        using var model = MakeModel(workload, seed);
        var clock = new Clock();
        var (warmup, steps) = (workload.Int("warmup_steps"), options.Steps ?? workload.Int("steps"));
        using var trainer = new WorkloadTrainer(model, Arguments(workload, warmup + steps, seed, options.Precision), data, new DataCollatorWithPadding(tokenizer), clock, workload.Flag("shuffle"));
        var report = new Dictionary<string, object> { ["side"] = "hf-trainer-net", ["workload"] = workload.Name, ["precision"] = options.Precision, ["threads"] = TorchSharp.torch.get_num_threads(), ["tokenize_s"] = tokenizeSeconds, ["examples"] = data.Count };
        if (workload.Mode == "predict")
            report["samples_per_second"] = Predict(trainer, data, workload.Int("repeat"));
        else
            Train(trainer, workload, clock, start, Math.Max(warmup, 1), tokenizer, report);
        report["total_s"] = Clock.Seconds(start);
        return ToJson(report);
    }

    private static Dataset Load(Workload workload, string data, int limit, HfTokenizer tokenizer) =>
        Sst2.Load(data, workload.Shared, tokenizer, limit, workload.Int("max_length"));

    private static PretrainedModel MakeModel(Workload workload, int seed)
    {
        TorchSharp.torch.random.manual_seed(seed);
        var labels = new FromPretrainedOptions { NumLabels = workload.Int("labels") };
        return workload.Weights is { } folder
            ? AutoModelForSequenceClassification.FromPretrained(folder, labels)
            : AutoModelForSequenceClassification.FromConfig(workload.Config, labels);
    }

    private static TrainingArguments Arguments(Workload workload, int steps, int seed, string precision) => new()
    {
        PerDeviceTrainBatchSize = workload.Int("batch"),
        PerDeviceEvalBatchSize = workload.Int("batch"),
        LearningRate = workload.Number("learning_rate", 5e-5),
        NumTrainEpochs = workload.Number("epochs", 3),
        MaxSteps = workload.Has("epochs") || steps == 0 ? -1 : steps,
        WeightDecay = 0.01,
        LoggingSteps = 10,
        Seed = seed,
        Bf16 = precision == "bf16",
        UseCpu = true,
    };

    private static double Predict(Trainer trainer, Dataset data, int repeat)
    {
        var times = new List<double>();
        for (var pass = 0; pass <= repeat; pass++)
        {
            var watch = Stopwatch.StartNew();
            trainer.Predict(data).Dispose();
            times.Add(watch.Elapsed.TotalSeconds);
        }
        return data.Count / times.Skip(1).Min();
    }

    private static void Train(Trainer trainer, Workload workload, Clock clock, long start, int warmup, HfTokenizer tokenizer, Dictionary<string, object> report)
    {
        var watch = Stopwatch.StartNew();
        trainer.Train();
        report["train_s"] = watch.Elapsed.TotalSeconds;
        report["first_step_s"] = Stopwatch.GetElapsedTime(start, clock.Steps[0]).TotalSeconds;
        var (span, steps) = (Stopwatch.GetElapsedTime(clock.Steps[warmup - 1], clock.Steps[^1]).TotalSeconds, clock.Steps.Count - warmup);
        report["step_s"] = span / steps;
        report["samples_per_second"] = steps * workload.Int("batch") / span;
        report["losses"] = trainer.State.LogHistory.Where(l => l.ContainsKey("loss")).Select(l => l["loss"]).ToArray();
        if (workload.Has("eval_data"))
            report["eval"] = trainer.Evaluate(Load(workload, workload.Text("eval_data"), int.MaxValue, tokenizer));
    }

    private static string ToJson(Dictionary<string, object> report)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in report)
            {
                writer.WritePropertyName(name);
                Write(writer, value);
            }
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case double number: writer.WriteNumberValue(number); break;
            case int number: writer.WriteNumberValue(number); break;
            case double[] numbers:
                writer.WriteStartArray();
                foreach (var number in numbers)
                    writer.WriteNumberValue(number);
                writer.WriteEndArray();
                break;
            case IReadOnlyDictionary<string, double> metrics:
                writer.WriteStartObject();
                foreach (var (name, metric) in metrics)
                    writer.WriteNumber(name, metric);
                writer.WriteEndObject();
                break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
