using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Trains an encoder to answer questions of SQuAD in a pipeline, and evaluates it. <c>answers.py</c> does the same with the Hugging Face Trainer: the losses should be equal.</summary>
internal static class AnswersRun
{
    public const string Name = "answers-minilm";

    private const int Train = 800, Evaluated = 300, MaxLength = 192, Stride = 64, Batch = 8, DefaultSteps = 100;

    public static string Run(Options options)
    {
        var mlContext = new MLContext(seed: 42);
        var (train, test) = (Read(options, "train").Take(Train), Read(options, "dev").Take(Evaluated));
        var pipeline = mlContext.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForQuestionAnswering(model: Path.Combine(options.Shared, "models", "minilm-l6"), maxLength: MaxLength))
            .Append(mlContext.HfTrainer.QuestionAnswering(new QuestionAnsweringOptions
            {
                Stride = Stride,
                ValidationSet = mlContext.Data.LoadFromEnumerable(test),
                Arguments = new TrainingArguments
                {
                    MaxSteps = options.Steps ?? DefaultSteps,
                    PerDeviceTrainBatchSize = Batch,
                    LearningRate = 2e-4,
                    LoggingSteps = 10,
                    EvalStrategy = IntervalStrategy.Steps,
                    EvalSteps = options.Steps ?? DefaultSteps,
                    RandomStream = RandomStream.Reference,
                    LossNormalization = LossNormalization.Original,
                },
            }));
        using var model = pipeline.Fit(mlContext.Data.LoadFromEnumerable(train));
        return TaskReport.Write(Name, model.LastTransformer, "exact_match", "f1");
    }

    private static IEnumerable<Asked> Read(Options options, string part)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(options.Shared, "data", "squad", $"{part}.json.gz")), CompressionMode.Decompress);
        using var json = JsonDocument.Parse(file);
        return [.. from article in json.RootElement.GetProperty("data").EnumerateArray()
                   from paragraph in article.GetProperty("paragraphs").EnumerateArray()
                   from asked in paragraph.GetProperty("qas").EnumerateArray()
                   let answers = asked.GetProperty("answers").EnumerateArray().ToList()
                   select new Asked
                   {
                       Question = asked.GetProperty("question").GetString()!.TrimStart(),
                       Context = paragraph.GetProperty("context").GetString()!,
                       Answer = [.. answers.Select(answer => answer.GetProperty("text").GetString()!)],
                       AnswerIndex = [.. answers.Select(answer => answer.GetProperty("answer_start").GetInt32())],
                   }];
    }

    private sealed class Asked
    {
        public string Question { get; set; } = "";

        public string Context { get; set; } = "";

        public string[] Answer { get; set; } = [];

        public int[] AnswerIndex { get; set; } = [];
    }
}
