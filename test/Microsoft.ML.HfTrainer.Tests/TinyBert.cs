using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>The tiny BERT classifier of three classes that the repository carries, and examples for it.</summary>
internal static class TinyBert
{
    private static readonly string _fixtures = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "trainer");
    private static readonly Lazy<List<Example>> _examples = new(() =>
    {
        using var data = GoldenFolder.ReadJson(Path.Combine(_fixtures, "runs", "datasets", "cls.json"));
        return GoldenExamples.Read(data.RootElement.GetProperty("train"));
    });

    /// <summary>The folder of the model.</summary>
    public static string Folder { get; } = Path.Combine(_fixtures, "models", "bert-cls");

    /// <summary>Pads with the model's padding id.</summary>
    public static IDataCollator Collator { get; } = new DataCollatorWithPadding(0);

    /// <summary>The first so many examples.</summary>
    public static Dataset Data(int count) => Dataset.From(_examples.Value.Take(count));

    /// <summary>The first so many examples as a batch.</summary>
    public static Batch Batch(int count, bool packed)
    {
        var batch = Collator.Collate([.. _examples.Value.Take(count)]);
        batch.Packed = packed;
        return batch;
    }

    /// <summary>The same example with a label that is left out.</summary>
    public static Example Unlabelled(Example example) => new(example.Select(f => f.Key is "label" or "labels" ? KeyValuePair.Create(f.Key, (Feature)(-100)) : f));

    /// <summary>The model, with dropout where it is asked for.</summary>
    public static PretrainedModel Model(double dropout = 0)
    {
        var config = PretrainedConfig.FromPretrained(Folder);
        foreach (var field in new[] { "hidden_dropout_prob", "attention_probs_dropout_prob" })
            config.Set(field, JsonValue.Create(dropout));
        using var weights = WeightFiles.Open(Folder);
        return ModelLoading.Load(config, weights, null, ModelHead.SequenceClassification);
    }

    /// <summary>Every weight of a model, by name.</summary>
    public static Dictionary<string, float[]> Weights(PretrainedModel model) => model.named_parameters().ToDictionary(p => p.name, p => GoldenTensor.Of(p.parameter).Values);
}
