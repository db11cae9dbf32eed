using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer;

// Data: each line is a question to a library, a tab, and the answer.
var folder = Path.Combine(AppContext.BaseDirectory, "data");
var mlContext = new MLContext(seed: 42);
var train = mlContext.Data.LoadFromTextFile<Question>(Path.Combine(folder, "train.tsv"));
var test = mlContext.Data.CreateEnumerable<Question>(mlContext.Data.LoadFromTextFile<Question>(Path.Combine(folder, "test.tsv")), reuseRowObject: false).ToList();
var answers = mlContext.Data.CreateEnumerable<Question>(train, reuseRowObject: false).Select(row => row.Answer).Distinct().ToList();

// 1. The pretrained model as it is. It computes an embedding for each text; texts with similar meanings have similar embeddings.
var tokenize = mlContext.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForSentenceEmbedding("Text"));
var pretrained = tokenize.Append(mlContext.HfTrainer.PretrainedSentenceEmbedding(new() { Normalize = true })).Fit(train);
using (pretrained.LastTransformer)
    await Report("pretrained", pretrained.LastTransformer);

// 2. Fine-tuning: each question should be nearer to its own answer than to the other answers of the batch.
var pipeline = tokenize.Append(mlContext.HfTrainer.SentenceEmbedding(new SentenceEmbeddingOptions
{
    PairedTextColumnNames = { "Answer" },
    Normalize = true,
    Arguments = new TrainingArguments { NumTrainEpochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 6, PerDeviceTrainBatchSize = 12, LearningRate = 1e-4, WarmupSteps = 0.1 },
}));
var model = pipeline.Fit(train);
await Report("fine-tuned", model.LastTransformer);

// 3. Search, with the embedding generator of Microsoft.Extensions.AI that runs the trained model.
using var generator = model.LastTransformer.ToEmbeddingGenerator();
var index = await VectorsOf(generator, answers);
const string Query = "Where do I leave my car?";
Console.WriteLine($"\"{Query}\"");
foreach (var hit in SemanticSearch.TopK(index, (await generator.GenerateVectorAsync(Query)).Span, 3))
    Console.WriteLine(FormattableString.Invariant($"  {hit.Score:F3}  {answers[hit.Index]}"));

// 4. Save: sentence-transformers loads the folder in Python.
model.LastTransformer.SavePretrained("library-embeddings");
Console.WriteLine("saved as library-embeddings");
model.Dispose();

async Task Report(string name, SentenceEmbeddingTransformer transformer)
{
    using var generator = transformer.ToEmbeddingGenerator();
    var (index, questions) = (await VectorsOf(generator, answers), await VectorsOf(generator, test.ConvertAll(row => row.Text)));
    var first = questions.Index().Count(question => answers[SemanticSearch.TopK(index, question.Item, 1)[0].Index] == test[question.Index].Answer);
    Console.WriteLine(FormattableString.Invariant($"{name}: {first} of {test.Count} questions find their answer first"));
}

static async Task<List<float[]>> VectorsOf(IEmbeddingGenerator<string, Embedding<float>> generator, IEnumerable<string> texts) =>
    [.. (await generator.GenerateAsync(texts)).Select(embedding => embedding.Vector.ToArray())];

/// <summary>A row of the data.</summary>
internal sealed class Question
{
    [LoadColumn(0)]
    public string Text { get; set; } = "";

    [LoadColumn(1)]
    public string Answer { get; set; } = "";
}
