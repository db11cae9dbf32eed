using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Opens the checkpoints of golden data, and says which part of the library one of them lacks.</summary>
internal static class GoldenModel
{
    /// <summary>The head by its name in golden data, such as <c>sequence-classification</c>; the row is skipped where there is none.</summary>
    public static ModelHead Head(string name)
    {
        foreach (var head in Enum.GetValues<ModelHead>())
            if (Plain(head.ToString()) == Plain(name))
                return head;
        GoldenFolder.Skip($"head '{name}' does not exist");
        return default;
    }

    /// <summary>The head that a configuration names by the original's class, such as <c>BertForSequenceClassification</c>; the row is skipped where there is none.</summary>
    public static ModelHead HeadOfClass(JsonElement config)
    {
        var (type, name) = (config.GetProperty("model_type").GetString()!, config.GetProperty("architectures")[0].GetString()!);
        if (!Architecture.Registered.TryGetValue(type, out var architecture))
            GoldenFolder.Skip($"model type '{type}' is not registered");
        foreach (var head in architecture.Heads)
            if (architecture.ClassNameOf(head) == name)
                return head;
        GoldenFolder.Skip($"'{type}' has no head for the class {name}");
        return default;
    }

    /// <summary>The checkpoint in a folder; the row is skipped where its architecture or head is not registered.</summary>
    public static PretrainedModel Open(string folder, ModelHead head, AttentionImplementation attention, JsonElement? changes = null)
    {
        var config = PretrainedConfig.FromPretrained(folder);
        if (!Architecture.Registered.TryGetValue(config.ModelType, out var architecture))
            GoldenFolder.Skip($"model type '{config.ModelType}' is not registered");
        if (!architecture.Heads.Contains(head))
            GoldenFolder.Skip($"'{config.ModelType}' has no head {head}");
        if (changes is { } fields)
            foreach (var field in fields.EnumerateObject())
                config.Set(field.Name, JsonNode.Parse(field.Value.GetRawText()));
        using var weights = WeightFiles.Open(folder);
        var model = ModelLoading.Load(config, weights, new FromPretrainedOptions { Attention = attention }, head);
        model.KeepFiles(folder);
        return model;
    }

    /// <summary>The implementation by the original's name, such as <c>sdpa</c>.</summary>
    public static AttentionImplementation Attention(string name)
    {
        if (!Enum.TryParse<AttentionImplementation>(name, ignoreCase: true, out var attention))
            GoldenFolder.Skip($"attention implementation '{name}' does not exist");
        return attention;
    }

    private static string Plain(string name) => name.Replace("-", "").ToLowerInvariant();
}
