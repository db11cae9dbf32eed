using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>What a curve is run with. The model is made last, right after the process was seeded by the caller: nothing before it draws.</summary>
internal sealed record CurveSetup(PretrainedModel Model, IDataCollator Collator, List<Example> Train, List<Example>? Eval) : IDisposable
{
    public static CurveSetup Tiny(JsonElement golden, AttentionImplementation attention)
    {
        var head = GoldenModel.Head(golden.GetProperty("head").GetString()!);
        var model = GoldenModel.Open(Path.Combine(GoldenFolder.Path, golden.GetProperty("weights").GetString()!), head, attention, golden.GetProperty("config_changes"));
        var train = GoldenExamples.Read(golden.GetProperty("rows"));
        return new CurveSetup(model, new CurveCollator(golden.GetProperty("pad").GetInt32()), train, null);
    }

    /// <summary>The encoder and the data lie in the shared folder, not among golden data: without them the row fails.</summary>
    public static CurveSetup MiniLm(JsonElement golden, AttentionImplementation attention)
    {
        var (folder, data) = (Path.Combine(GoldenFolder.Shared, "models", "minilm-l6"), Path.Combine(GoldenFolder.Shared, "data", "sst2", "train.tsv"));
        if (!Directory.Exists(folder) || !File.Exists(data))
            Assert.Fail($"this curve needs {folder} and {data}: is HFTRAINER_SHARED right?");
        var tokenizer = HfTokenizer.FromPretrained(folder);
        var options = new EncodeOptions { MaxLength = golden.GetProperty("max_length").GetInt32() };
        var examples = File.ReadLines(data).Take(golden.GetProperty("limit").GetInt32()).Select(line => line.Split('\t'))
            .Select(fields => new Example(tokenizer.Encode(fields[0], null, options)) { ["labels"] = int.Parse(fields[1]) }).ToList();
        var evaluated = int.Parse(Regex.Match(golden.GetProperty("eval_rows").GetString()!, @"\d+").Value);
        var model = AutoModelForSequenceClassification.FromPretrained(folder, new FromPretrainedOptions { NumLabels = 2, Attention = attention });
        return new CurveSetup(model, new DataCollatorWithPadding(tokenizer), examples[..^evaluated], examples[^evaluated..]);
    }

    public void Dispose() => Model.Dispose();
}
