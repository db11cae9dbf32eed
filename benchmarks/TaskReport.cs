using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>The line that a task's run prints: the losses, the last evaluation and the time of training.</summary>
internal static class TaskReport
{
    /// <param name="workload">The name of the workload.</param>
    /// <param name="trained">The trained model.</param>
    /// <param name="metrics">The names of the metrics.</param>
    public static string Write(string workload, HfTransformer trained, params string[] metrics)
    {
        var evaluation = trained.LogHistory.Last(record => record.ContainsKey($"eval_{metrics[0]}"));
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("side", "hf-trainer-net");
            writer.WriteString("workload", workload);
            writer.WriteNumber("train_s", trained.TrainOutput!.Metrics["train_runtime"]);
            writer.WriteStartArray("losses");
            foreach (var record in trained.LogHistory.Where(record => record.ContainsKey("loss")))
                writer.WriteNumberValue(record["loss"]);
            writer.WriteEndArray();
            foreach (var name in metrics)
                writer.WriteNumber(name, evaluation[$"eval_{name}"]);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
