using System.Diagnostics;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Generates tokens with random weights, most probable token first, for one and for eight sequences. <c>generate.py</c> does the same with Hugging Face Transformers.</summary>
internal static class GenerateRun
{
    private const int PromptLength = 32, Repeat = 3;

    private static readonly int[] _batches = [1, 8];

    // The workload of workloads.json whose configuration each one has.
    private static readonly Dictionary<string, string> _configurations = new() { ["generate-gpt2"] = "lm-gpt2", ["generate-t5-small"] = "seq2seq-t5-small" };

    public static bool Knows(string workload) => _configurations.ContainsKey(workload);

    public static string Run(Options options)
    {
        using var workloads = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(options.Shared, "bench", "workloads.json")));
        var fields = workloads.RootElement.GetProperty(_configurations[options.Workload]);
        var config = PretrainedConfig.Parse(options.Workload, Encoding.UTF8.GetBytes(fields.GetProperty("config").GetRawText()));
        random.manual_seed(42);
        using var model = fields.GetProperty("task").GetString() == "causal-lm" ? AutoModelForCausalLM.FromConfig(config) : AutoModelForSeq2SeqLM.FromConfig(config);
        var newTokens = options.Steps ?? 128;
        // Without an end-of-sequence token every sequence has its full length.
        model.GenerationConfig = new GenerationConfig { MaxNewTokens = newTokens, PadTokenId = 0, DecoderStartTokenId = 0 };
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("side", "hf-trainer-net");
            writer.WriteString("workload", options.Workload);
            writer.WriteNumber("threads", get_num_threads());
            writer.WriteNumber("new_tokens", newTokens);
            foreach (var batch in _batches)
                writer.WriteNumber($"tokens_per_second_{batch}", batch * newTokens / Seconds(model, batch));
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    // The best of several, after one that is not counted.
    private static double Seconds(PretrainedModel model, int batch)
    {
        var best = double.MaxValue;
        for (var run = 0; run <= Repeat; run++)
        {
            using var scope = NewDisposeScope();
            var ids = randint(10, 1000, [batch, PromptLength], ScalarType.Int64);
            var start = Stopwatch.GetTimestamp();
            model.Generate(ids, ones_like(ids));
            if (run > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
