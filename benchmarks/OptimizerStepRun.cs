using System.Diagnostics;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Compares one step of the fused AdamW with TorchSharp's AdamW on the parameters of MiniLM, alternating, with the same gradients.</summary>
internal static class OptimizerStepRun
{
    private const double LearningRate = 5e-5, WeightDecay = 0.01;
    private const int Warmup = 3;

    public static string Run(string model, int rounds)
    {
        using PretrainedModel ours = Load(model), theirs = Load(model);
        using var optimizer = new AdamW([new ParameterGroup([.. ours.named_parameters().Select(p => (p.name, p.parameter))], WeightDecay, LearningRate)]);
        using var reference = optim.AdamW(theirs.parameters(), LearningRate, weight_decay: WeightDecay);
        GiveGradients(ours);
        GiveGradients(theirs);
        List<double> own = [], other = [];
        for (var round = 0; round < Warmup + rounds; round++)
        {
            own.Add(Milliseconds(optimizer.Step));
            other.Add(Milliseconds(() => reference.step()));
        }
        return Report(ours, Median(own), Median(other), rounds);
    }

    private static PretrainedModel Load(string folder) => AutoModelForSequenceClassification.FromPretrained(folder, new() { NumLabels = 2 });

    private static void GiveGradients(PretrainedModel model)
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        foreach (var parameter in model.parameters())
            parameter.grad = randn(parameter.shape).mul_(1e-3);
    }

    private static double Milliseconds(Action step)
    {
        var start = Stopwatch.GetTimestamp();
        using (NewDisposeScope())
            step();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> times)
    {
        var sorted = times.Skip(Warmup).Order().ToList();
        return (sorted[sorted.Count / 2] + sorted[(sorted.Count - 1) / 2]) / 2;
    }

    private static string Report(PretrainedModel model, double own, double other, int rounds)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("benchmark", "optimizer-step");
            writer.WriteNumber("threads", get_num_threads());
            writer.WriteNumber("tensors", model.parameters().Count());
            writer.WriteNumber("parameters", model.parameters().Sum(p => p.numel()));
            writer.WriteNumber("rounds", rounds);
            writer.WriteNumber("fused_adamw_ms", own);
            writer.WriteNumber("torchsharp_adamw_ms", other);
            writer.WriteNumber("ratio", own / other);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
