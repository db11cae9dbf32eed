using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>A workload of workloads.json.</summary>
internal sealed class Workload(string name, JsonElement fields, string shared)
{
    public string Name { get; } = name;

    public string Shared { get; } = shared;

    /// <summary>The folder of the weights. If null, they are initialized at random from <see cref="Config"/>.</summary>
    public string? Weights => Text("weights") is "random" ? null : Path.Combine(Shared, Text("weights"));

    public string Tokenizer => Path.Combine(Shared, fields.TryGetProperty("tokenizer", out var folder) ? folder.GetString()! : Text("weights"));

    public PretrainedConfig Config => PretrainedConfig.Parse($"workload {Name}", System.Text.Encoding.UTF8.GetBytes(fields.GetProperty("config").GetRawText()));

    public string Mode => fields.TryGetProperty("mode", out var mode) ? mode.GetString()! : "train";

    public static Workload Read(Options options)
    {
        var path = Path.Combine(options.Shared, "bench", "workloads.json");
        var all = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        if (!all.TryGetProperty(options.Workload, out var fields))
            throw new ArgumentException($"{path} has no workload '{options.Workload}'; it has {string.Join(", ", all.EnumerateObject().Select(w => w.Name).Where(n => n != "comment"))}.");
        var workload = new Workload(options.Workload, fields, options.Shared);
        return workload.Text("task") == "sequence-classification" ? workload : throw new NotSupportedException($"The task '{workload.Text("task")}' of '{workload.Name}' is not supported.");
    }

    public string Text(string field) => fields.GetProperty(field).GetString()!;

    public bool Has(string field) => fields.TryGetProperty(field, out _);

    public int Int(string field, int otherwise = 0) => Has(field) ? fields.GetProperty(field).GetInt32() : otherwise;

    public double Number(string field, double otherwise) => Has(field) ? fields.GetProperty(field).GetDouble() : otherwise;

    public bool Flag(string field) => Has(field) && fields.GetProperty(field).GetBoolean();
}
