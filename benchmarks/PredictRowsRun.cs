using System.Diagnostics;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Times predictions of one row each through a <see cref="PredictionEngine{TSrc, TDst}"/>, or the model alone on batches of several sizes with one thread and with all, alternating.</summary>
internal static class PredictRowsRun
{
    private const int Labels = 2, VocabularySize = 30000;

    private static readonly (int Rows, int Tokens)[] Batches = [(1, 16), (1, 64), (1, 128), (1, 256), (1, 512), (4, 32), (8, 64), (32, 32), (32, 128)];

    public static string Run(string shared, int rows, bool batches)
    {
        var mlContext = new MLContext(seed: 42);
        var texts = File.ReadLines(Path.Combine(shared, "data", "sst2", "train.tsv")).Take(rows)
            .Select(line => new Row { Text = line[..line.LastIndexOf('\t')], Label = line[(line.LastIndexOf('\t') + 1)..] }).ToList();
        var model = Path.Combine(shared, "models", "minilm-l6");
        using var chain = mlContext.Transforms.Conversion.MapValueToKey(nameof(Row.Label))
            .Append(mlContext.Transforms.Text.TokenizeHf(nameof(Row.Text), model: model))
            .Append(mlContext.HfTrainer.SequenceClassification(new SequenceClassificationOptions { Arguments = new TrainingArguments { MaxSteps = 1 } }))
            .Fit(mlContext.Data.LoadFromEnumerable(texts.Take(64)));
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("benchmark", "predict-rows");
            writer.WriteNumber("threads", get_num_threads());
            if (batches)
                Compare(writer, chain.LastTransformer.Model);
            else
                using (var engine = mlContext.Model.CreatePredictionEngine<Row, Prediction>(chain, new PredictionEngineOptions { OwnsTransformer = false }))
                    Report(writer, [.. texts.Select(text => Milliseconds(() => engine.Predict(text)))]);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    // The first predictions compile the code.
    private static void Report(Utf8JsonWriter writer, double[] times)
    {
        var sorted = times.Skip(times.Length / 10).Order().ToArray();
        writer.WriteNumber("rows", times.Length);
        writer.WriteNumber("total_s", Math.Round(times.Sum() / 1000, 2));
        writer.WriteNumber("median_ms", Math.Round(sorted[sorted.Length / 2], 2));
        writer.WriteNumber("percentile_95_ms", Math.Round(sorted[sorted.Length * 95 / 100], 2));
    }

    private static void Compare(Utf8JsonWriter writer, PretrainedModel model)
    {
        writer.WriteStartArray("batches");
        foreach (var (rows, tokens) in Batches)
            Compare(writer, model, rows, tokens);
        writer.WriteEndArray();
    }

    private static void Compare(Utf8JsonWriter writer, PretrainedModel model, int rows, int tokens)
    {
        using var noGradient = no_grad();
        using var batch = new Batch { Size = rows, HasPadding = false, Packed = true, Lengths = [.. Enumerable.Repeat(tokens, rows)] };
        batch["input_ids"] = randint(VocabularySize, [rows, tokens], ScalarType.Int64);
        batch["attention_mask"] = ones([rows, tokens], ScalarType.Int64);
        var (all, one, several) = (get_num_threads(), new List<double>(), new List<double>());
        for (var round = -3; round < Math.Clamp(8192 / (rows * tokens), 7, 60); round++)
            foreach (var (threads, times) in new[] { (1, one), (all, several) })
            {
                set_num_threads(threads);
                var time = Milliseconds(() =>
                {
                    using var scope = NewDisposeScope();
                    model.call(batch);
                });
                if (round >= 0)
                    times.Add(time);
            }
        writer.WriteStartObject();
        writer.WriteNumber("rows", rows);
        writer.WriteNumber("tokens", tokens);
        foreach (var (name, times) in new[] { ("one_thread_ms", one), ("all_threads_ms", several) })
        {
            writer.WriteNumber(name, Math.Round(times.Order().ElementAt(times.Count / 2), 2));
            writer.WriteNumber(name + "_best", Math.Round(times.Min(), 2));
        }
        writer.WriteEndObject();
    }

    private static double Milliseconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
