using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Estimators.Sentences;

/// <summary>How a sentence embedding model is trained: what <see cref="SentenceEmbeddingEstimator"/> and <see cref="SentenceSimilarityEstimator"/> have in common.</summary>
internal sealed class SentenceTraining
{
    private readonly SentenceOptions _options;
    private readonly int _texts;

    /// <param name="options">The options.</param>
    /// <param name="texts">The number of texts of a row.</param>
    /// <exception cref="ArgumentException">The loss does not fit the columns.</exception>
    public SentenceTraining(SentenceOptions options, int texts)
    {
        (_options, _texts) = (options, texts);
        if (options.LabelColumnName is { } label)
            ArgumentException.ThrowIfNullOrWhiteSpace(label);
        Loss = options.Loss ?? DefaultLoss();
        if (texts < Loss.MinTexts || texts > Loss.MaxTexts)
            throw new ArgumentException($"{Loss.Name} takes {Loss.TextsText} of each row, and the options name {texts}.", nameof(options));
        if (Loss.Labels == SentenceLabels.None != options.LabelColumnName is null)
            throw new ArgumentException(options.LabelColumnName is null
                ? $"{Loss.Name} needs labels ({Loss.Labels}); name their column in LabelColumnName."
                : $"LabelColumnName is '{options.LabelColumnName}', and {Loss.Name} takes no labels; set it to null, or take another loss.", nameof(options));
    }

    public SentenceLoss Loss { get; }

    public void CheckLabel(MlHost host, SchemaShape shape)
    {
        if (_options.LabelColumnName is { } label)
            SentenceLabel.Check(host, shape, label, Loss.Labels);
    }

    /// <summary>Sets up training.</summary>
    /// <param name="host">The host.</param>
    /// <param name="schema">The schema of the training data.</param>
    /// <param name="task">The task.</param>
    /// <param name="examples">Makes the training examples.</param>
    /// <param name="columns">The columns of texts that training alone reads.</param>
    /// <param name="settings">How the texts were tokenized.</param>
    public TrainingSetup Setup(MlHost host, DataViewSchema schema, HfTask task, SentenceExamples examples, IReadOnlyList<ValueColumn> columns, TokenizeSettings settings) =>
        AsIs(host, task, _options, settings) with
        {
            Trains = true,
            Labels = [.. columns, .. _options.LabelColumnName is { } label ? [SentenceLabel.Column(host, schema, label, Loss)] : Array.Empty<ValueColumn>()],
            Loss = Loss.ToLossFunction(),
            Metrics = SentenceMetrics.Of(Loss, _texts),
            Collator = (_, tokenizer) => new DataCollatorForSentences(tokenizer),
            Pack = examples.Of,
        };

    /// <summary>Sets a pretrained model up as it is.</summary>
    public static TrainingSetup AsIs(MlHost host, HfTask task, SentenceOptions options, TokenizeSettings settings) => new(task)
    {
        Trains = false,
        Model = new() { Pooling = options.Pooling, NormalizeEmbeddings = options.Normalize },
        Prepare = (model, _) => Describe(host, model.SentenceEmbedding!, options, settings),
    };

    /// <summary>Returns the embeddings of a batch.</summary>
    public static float[][] Vectors(TrainedModel trained, Batch batch)
    {
        var vectors = trained.Model.call(batch).SentenceEmbedding!.to(ScalarType.Float32).cpu().contiguous();
        return [.. vectors.data<float>().ToArray().Chunk((int)vectors.shape[1])];
    }

    // The saved model says how its texts were prepared, so that others prepare theirs alike.
    private static void Describe(MlHost host, SentenceEmbeddingSettings model, SentenceOptions options, TokenizeSettings settings)
    {
        if (model.DoLowerCase && !settings.LowerCase)
            host.Warn("The folder of the model asks for texts in lower case (do_lower_case), and TokenizeHf does not convert them; create its options with TokenizeHfOptions.ForSentenceEmbedding, or set LowerCase.");
        if (model.DefaultPromptName is { } name && settings.TextPrefix.Length == 0 && model.Prompts[name].Length > 0)
            host.Warn($"The folder of the model has a default prompt, '{name}', and TokenizeHf puts nothing before texts; create its options with TokenizeHfOptions.ForSentenceEmbedding, or set TextPrefix.");
        (model.DoLowerCase, model.MaxSeqLength) = (settings.LowerCase, settings.MaxLength ?? model.MaxSeqLength);
        if (options.Prompts.Count == 0)
            return;
        if (model.DefaultPromptName is { } old && !options.Prompts.ContainsKey(old))
            model.DefaultPromptName = null;
        model.Prompts = new Dictionary<string, string>(options.Prompts);
    }

    private SentenceLoss DefaultLoss() => (_texts, _options.LabelColumnName) switch
    {
        (1, null) => throw new ArgumentException("There is nothing to learn from: a row has one text and no label. Name further texts or a label, or take the model as it is, with PretrainedSentenceEmbedding."),
        (1, _) => new BatchAllTripletLoss(),
        (_, null) => new MultipleNegativesRankingLoss(),
        (2, _) => new CosineSimilarityLoss(),
        _ => new MarginMseLoss(),
    };
}
