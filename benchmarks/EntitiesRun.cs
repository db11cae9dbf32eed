using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Trains an encoder to find the named entities of WNUT 2017 in a pipeline, and evaluates it. <c>entities.py</c> does the same with the Hugging Face Trainer: the losses should be equal.</summary>
internal static class EntitiesRun
{
    public const string Name = "entities-minilm";

    private const int DefaultSteps = 200;

    public static string Run(Options options)
    {
        var mlContext = new MLContext(seed: 42);
        var steps = options.Steps ?? DefaultSteps;
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForTokenClassification("Words", Path.Combine(options.Shared, "models", "minilm-l6"))))
            .Append(mlContext.HfTrainer.TokenClassification(new TokenClassificationOptions
            {
                ValidationSet = mlContext.Data.LoadFromEnumerable(Read(options, "dev")),
                Arguments = new TrainingArguments
                {
                    MaxSteps = steps,
                    PerDeviceTrainBatchSize = 16,
                    PerDeviceEvalBatchSize = 32,
                    LearningRate = 2e-4,
                    LoggingSteps = 20,
                    EvalStrategy = IntervalStrategy.Steps,
                    EvalSteps = steps,
                    RandomStream = RandomStream.Reference,
                    LossNormalization = LossNormalization.Original,
                },
            }));
        using var model = pipeline.Fit(mlContext.Data.LoadFromEnumerable(Read(options, "train")));
        return TaskReport.Write(Name, model.LastTransformer, "f1");
    }

    private static List<Sentence> Read(Options options, string part)
    {
        var sentences = new List<Sentence>();
        var lines = new List<string[]>();
        foreach (var line in File.ReadLines(Path.Combine(options.Shared, "data", "wnut17", $"{part}.conll")).Append(""))
            if (!string.IsNullOrWhiteSpace(line))
                lines.Add(line.Split('\t'));
            else if (lines.Count > 0)
            {
                sentences.Add(new Sentence { Words = [.. lines.Select(fields => fields[0])], Label = [.. lines.Select(fields => fields[1])] });
                lines.Clear();
            }
        return sentences;
    }

    private sealed class Sentence
    {
        public string[] Words { get; set; } = [];

        public string[] Label { get; set; } = [];
    }
}
