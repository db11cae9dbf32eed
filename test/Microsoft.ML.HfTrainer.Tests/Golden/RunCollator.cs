using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>The collators of golden runs by the names that these have for them.</summary>
internal static class RunCollator
{
    private static readonly Dictionary<string, string> _classes = new()
    {
        ["padding"] = "DataCollatorWithPadding",
        ["token"] = "DataCollatorForTokenClassification",
        ["seq2seq"] = "DataCollatorForSeq2Seq",
        ["lm"] = "DataCollatorForLanguageModeling",
        ["flatten"] = "DataCollatorWithFlattening",
        ["choice"] = "DataCollatorForMultipleChoice",
    };

    public static IDataCollator Read(JsonElement collator, HfTokenizer tokenizer, nn.Module model)
    {
        var type = collator.GetProperty("type").GetString()!;
        if (!_classes.TryGetValue(type, out var name))
            GoldenFolder.Skip($"collator '{type}' of a run");
        var settings = collator.EnumerateObject().Where(s => s.Name != "type").ToDictionary(s => s.Name, s => s.Value);
        if (type == "lm")
            settings["mlm"] = JsonSerializer.SerializeToElement(false);
        return CollatorCase.Make(name!, tokenizer, model, settings);
    }
}
