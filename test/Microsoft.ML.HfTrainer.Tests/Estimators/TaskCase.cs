using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>A task with all that it takes to train it: rules that hold for every estimator are tried on each.</summary>
/// <param name="Name">The name of the task.</param>
/// <param name="Model">Creates the folder of a small model.</param>
/// <param name="Prepare">Creates the steps before the trainer.</param>
/// <param name="Train">Creates the trainer.</param>
internal sealed record TaskCase(string Name, Func<TaskCase.Folder> Model, Func<MLContext, string, IEstimator<ITransformer>> Prepare, Func<MLContext, IEstimator<ITransformer>> Train)
{
    private const string Words = "a the is was film book meal good bad great awful red green rouge vert";

    /// <summary>Every estimator, with every kind of label.</summary>
    public static IReadOnlyList<TaskCase> All { get; } =
    [
        new("SequenceClassification of classes", Encoder, (ml, folder) => Keys(ml, nameof(Row.Class)).Append(Tokens(ml, new() { Model = folder })),
            ml => ml.HfTrainer.SequenceClassification(new SequenceClassificationOptions { LabelColumnName = nameof(Row.Class), Arguments = Arguments() })),
        new("SequenceClassification of decisions", Encoder, (ml, folder) => Tokens(ml, new() { Model = folder }),
            ml => ml.HfTrainer.SequenceClassification(new SequenceClassificationOptions { LabelColumnName = nameof(Row.IsGood), Arguments = Arguments() })),
        new("SequenceClassification of several decisions", Encoder, (ml, folder) => Tokens(ml, new() { Model = folder }),
            ml => ml.HfTrainer.SequenceClassification(new SequenceClassificationOptions { LabelColumnName = nameof(Row.Topics), Arguments = Arguments() })),
        new("SequenceClassification of pairs with a number", Encoder, (ml, folder) => Tokens(ml, new() { Model = folder, PairColumnName = nameof(Row.Second) }),
            ml => ml.HfTrainer.SequenceClassification(new SequenceClassificationOptions { LabelColumnName = nameof(Row.Stars), Arguments = Arguments() })),
        new("TokenClassification", Encoder, (ml, folder) => Keys(ml, nameof(Row.Tags)).Append(Tokens(ml, TokenizeHfOptions.ForTokenClassification(nameof(Row.Words), folder))),
            ml => ml.HfTrainer.TokenClassification(new TokenClassificationOptions { LabelColumnName = nameof(Row.Tags), Arguments = Arguments() })),
        new("QuestionAnswering", Encoder, (ml, folder) => Tokens(ml, TokenizeHfOptions.ForQuestionAnswering(nameof(Row.Second), nameof(Row.Text), folder)),
            ml => ml.HfTrainer.QuestionAnswering(new QuestionAnsweringOptions { Arguments = Arguments() })),
        new("MultipleChoice", Encoder, (ml, folder) => Tokens(ml, TokenizeHfOptions.ForMultipleChoice(nameof(Row.Text), nameof(Row.Choices), folder)),
            ml => ml.HfTrainer.MultipleChoice(new MultipleChoiceOptions { LabelColumnName = nameof(Row.Choice), Arguments = Arguments() })),
        new("SentenceEmbedding", Encoder, (ml, folder) => Tokens(ml, TokenizeHfOptions.ForSentenceEmbedding(nameof(Row.Text), folder)),
            ml => ml.HfTrainer.SentenceEmbedding(new SentenceEmbeddingOptions { PairedTextColumnNames = { nameof(Row.Second) }, Arguments = Arguments() })),
        new("SentenceSimilarity", Encoder, (ml, folder) => ml.Transforms.Text.TokenizeHfPair(nameof(Row.Text), nameof(Row.Second), folder),
            ml => ml.HfTrainer.SentenceSimilarity(new SentenceSimilarityOptions { LabelColumnName = nameof(Row.Similarity), Arguments = Arguments() })),
        new("Seq2Seq", () => Folder.Of(TinyLanguageModel.EncoderDecoder(Words)), (ml, folder) => Tokens(ml, new() { Model = folder }),
            ml => ml.HfTrainer.Seq2Seq(new Seq2SeqOptions { TargetColumnName = nameof(Row.Second), Generation = new() { MaxNewTokens = 4, NumBeams = 2, NumReturnSequences = 2 }, Arguments = Arguments() })),
        new("CausalLM of completions", () => Folder.Of(TinyLanguageModel.Causal(Words)), (ml, folder) => Tokens(ml, new() { Model = folder }),
            ml => ml.HfTrainer.CausalLM(new CausalLMOptions { CompletionColumnName = nameof(Row.Second), Generation = new() { MaxNewTokens = 4 }, Arguments = Arguments() })),
        new("CausalLM of chats", () => Folder.Of(TinyLanguageModel.Causal(Words)), (ml, folder) => Tokens(ml, TokenizeHfOptions.ForChat(nameof(Row.Contents), nameof(Row.Roles), folder)),
            ml => ml.HfTrainer.CausalLM(new CausalLMOptions { Generation = new() { MaxNewTokens = 4 }, Arguments = Arguments() })),
        new("MaskedLM", () => Folder.Of(TinyLanguageModel.Encoder(Words)), (ml, folder) => Tokens(ml, new() { TextColumnName = nameof(Row.Masked), Model = folder }),
            ml => ml.HfTrainer.MaskedLM(new MaskedLMOptions { Arguments = Arguments() })),
    ];

    /// <summary>The whole pipeline.</summary>
    public IEstimator<ITransformer> Pipeline(MLContext ml, string folder) => Prepare(ml, folder).Append(Train(ml));

    public override string ToString() => Name;

    private static Folder Encoder() => new TinyModel() is var model ? new(model.Folder, model) : null!;

    private static IEstimator<ITransformer> Tokens(MLContext ml, TokenizeHfOptions options) => ml.Transforms.Text.TokenizeHf(options);

    private static IEstimator<ITransformer> Keys(MLContext ml, string column) => ml.Transforms.Conversion.MapValueToKey(column);

    private static TrainingArguments Arguments() => new() { MaxSteps = 2, PerDeviceTrainBatchSize = 4, LearningRate = 1e-3, Seed = 1, UseCpu = true };

    /// <summary>The folder of a model.</summary>
    internal sealed record Folder(string Path, IDisposable Owner) : IDisposable
    {
        public static Folder Of(TinyLanguageModel model) => new(model.Folder, model);

        public void Dispose() => Owner.Dispose();
    }

    /// <summary>A row with the columns of all tasks.</summary>
    internal sealed class Row
    {
        private static readonly string[] _things = ["film", "book", "meal"], _kinds = ["good", "bad", "great", "awful"];

        public string Text { get; set; } = "";

        public string Second { get; set; } = "";

        public string Masked => Text.Replace(" is", " <mask>", StringComparison.Ordinal);

        public string Class { get; set; } = "";

        public bool IsGood { get; set; }

        [VectorType(3)]
        public bool[] Topics { get; set; } = [];

        public float Stars { get; set; }

        public string[] Words => Text.Split(' ');

        public string[] Tags => [.. Words.Select(word => _things.Contains(word) ? "B-THING" : "O")];

        public string Answer { get; set; } = "";

        public int AnswerIndex => Text.IndexOf(Answer, StringComparison.Ordinal);

        public string[] Choices { get; set; } = [];

        public int Choice { get; set; }

        public float Similarity { get; set; }

        public string[] Roles => ["user", "assistant"];

        public string[] Contents => [Text, Second];

        /// <summary>Rows of different lengths.</summary>
        public static List<Row> Some(int count = 10) => [.. Enumerable.Range(0, count).Select(i =>
        {
            var (thing, kind) = (_things[i % 3], _kinds[i % 4]);
            return new Row
            {
                Text = string.Join(' ', Enumerable.Repeat($"the {thing} is {kind}", 1 + (i % 3))),
                Second = $"a {kind} {thing}",
                Class = i % 2 == 0 ? "good" : "bad",
                IsGood = i % 2 == 0,
                Topics = [thing == "film", thing == "book", i % 2 == 0],
                Stars = i % 5,
                Answer = kind,
                Choices = ["red", kind, "green"],
                Choice = 1,
                Similarity = i % 2,
            };
        })];
    }
}
