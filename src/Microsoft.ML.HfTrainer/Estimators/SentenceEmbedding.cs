using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Sentences;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.SentenceEmbeddingTransformer>(Microsoft.ML.HfTrainer.SentenceEmbeddingTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="SentenceEmbeddingEstimator"/>.</summary>
public sealed class SentenceEmbeddingOptions : SentenceOptions
{
    /// <summary>Gets or sets the prefix of the token columns of the first text, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>
    /// Gets the names of the columns (text) of the further texts of a row, in the order of the loss: a text with the same meaning, or the answer, then any number of texts with another
    /// meaning (hard negatives). Only training and evaluation read them; they are tokenized like the first text. Default: none.
    /// </summary>
    public IList<string> PairedTextColumnNames { get; } = [];

    /// <summary>Gets or sets what is put before the further texts, such as <c>passage: </c>. Default: null, the same prefix or prompt that <c>TokenizeHf</c> puts before the first text.</summary>
    public string? PairedTextPrefix { get; set; }

    /// <summary>Gets or sets the name of the column of embeddings. Default: <c>Embedding</c>.</summary>
    public string EmbeddingColumnName { get; set; } = "Embedding";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face model to compute embeddings: vectors that are similar if the meanings of the texts are.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.SentenceEmbedding`, after `mlContext.Transforms.Text.TokenizeHf` with
/// `TokenizeHfOptions.ForSentenceEmbedding`. To use a pretrained model as it is, call `mlContext.HfTrainer.PretrainedSentenceEmbedding`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf` and, only for training, what the loss takes: columns of further [texts](xref:Microsoft.ML.Data.TextDataViewType), a
/// label column, or both.
///
/// | Training data | Options | Default loss |
/// | -- | -- | -- |
/// | Two texts that belong together, and optionally others that do not | `PairedTextColumnNames` | `MultipleNegativesRankingLoss` |
/// | Two texts and a score from -1 to 1 | `PairedTextColumnNames`, `LabelColumnName` | `CosineSimilarityLoss` |
/// | Three texts, and the score of the second minus that of the third | `PairedTextColumnNames`, `LabelColumnName` | `MarginMSELoss` |
/// | A text and its class, a key | `LabelColumnName` | `BatchAllTripletLoss` |
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `Embedding` | Vector of [Single](xref:System.Single) of known size | The embedding of the text. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Sentence embedding, semantic search |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// The weights of the encoder, and of dense layers in the model's folder, are trained with one of the losses of sentence-transformers
/// ([SentenceLosses](xref:Microsoft.ML.HfTrainer.SentenceLosses)). Evaluations report `spearman_cosine` and `pearson_cosine` of pairs with scores; `cosine_accuracy` of
/// triplets: the fraction of rows whose first text is more similar to the second than to the third; and of pairs without scores, `cosine_accuracy@1` to `@10`, `cosine_mrr@10` and
/// `cosine_ndcg@10` of a search of each first text for its second one among all second texts. `SavePretrained` writes a folder that sentence-transformers loads.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.SentenceEmbedding(SentenceEmbeddingOptions)"/>
public sealed class SentenceEmbeddingEstimator : HfEstimator<SentenceEmbeddingTransformer>
{
    private const string PairedKind = "column of paired texts";

    private readonly SentenceEmbeddingOptions _options;
    private readonly List<string> _paired;

    // Null if the model is taken as it is.
    private readonly SentenceTraining? _training;

    internal SentenceEmbeddingEstimator(MlHost host, SentenceEmbeddingOptions options, bool trains) : base(host, options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.EmbeddingColumnName);
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        options.CheckPooling();
        (_options, _paired) = (options, trains ? [.. options.PairedTextColumnNames] : []);
        foreach (var name in _paired)
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_paired.Find(name => _paired.Count(other => other == name) > 1) is { } twice)
            throw new ArgumentException($"PairedTextColumnNames has '{twice}' more than once; the texts of a row have different columns, and the same one cannot belong to the first text and not.", nameof(options));
        if (trains && _paired.Count == 0 && options.PairedTextPrefix is { } prefix)
            throw new ArgumentException($"PairedTextPrefix is '{prefix}', and there are no further texts that it could be put before; name their columns in PairedTextColumnNames, or leave it out.", nameof(options));
        _training = trains ? new SentenceTraining(options, 1 + _paired.Count) : null;
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);
        foreach (var name in _paired)
            TextColumn.Check(Host, shape, name, PairedKind);
        _training?.CheckLabel(Host, shape);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) =>
        [SchemaShapes.Column(_options.EmbeddingColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single)];

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var settings = TokenColumns.SettingsOf(schema, _options.TokenColumnPrefix);
        var texts = new TextSet(_options.TokenColumnPrefix, settings.Prepare(""));
        var task = new SentenceEmbeddingTransformer.Task(texts, _options.EmbeddingColumnName, 0);
        if (_training is null)
            return SentenceTraining.AsIs(Host, task, _options, settings);
        List<TextColumn> columns = [.. _paired.Select((name, i) => new TextColumn(name, $"text_{i + 1}", PairedKind))];
        var examples = new SentenceExamples([texts], columns, settings with { TextPrefix = _options.PairedTextPrefix ?? settings.TextPrefix });
        return _training.Setup(Host, schema, task, examples, columns, settings);
    }

    private protected override SentenceEmbeddingTransformer Create(HfTask task, TrainedModel trained) => new(
        Host.ForComponent(nameof(SentenceEmbeddingTransformer)), ((SentenceEmbeddingTransformer.Task)task).OfSize((int)trained.Model.SentenceEmbedding!.Size), trained);
}

/// <summary>The <see cref="ITransformer"/> of <see cref="SentenceEmbeddingEstimator"/>.</summary>
public sealed class SentenceEmbeddingTransformer : HfTransformer, ISavedTransformer<SentenceEmbeddingTransformer>
{
    internal const string LoaderName = "HfSentenceEmbed";

    private readonly Task _task;
    private readonly TrainedModel _trained;

    internal SentenceEmbeddingTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained) => (_task, _trained) = ((Task)task, trained);

    static ArchiveFormat ISavedTransformer<SentenceEmbeddingTransformer>.Format => Task.Archive;

    static SentenceEmbeddingTransformer ISavedTransformer<SentenceEmbeddingTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.SentenceEmbedding);
        return new(host, Task.Read(archive), trained);
    }

    /// <summary>
    /// Returns an embedding generator of Microsoft.Extensions.AI that runs the model. The transformer still owns the model: dispose the transformer, not before the generator is no longer
    /// used. By default, texts are prepared as in the pipeline that the model was trained in.
    /// </summary>
    public HfEmbeddingGenerator ToEmbeddingGenerator() => new(this, _trained, ownsModel: false) { DefaultPrompt = _task.Prompt };

    // The result of a row is its embedding.
    internal sealed class Task(TextSet texts, string embedding, int size) : HfTask<float[]>
    {
        public static ArchiveFormat Archive { get; } = new("HFSENEMB", LoaderName, 1);

        public override ModelHead Head => ModelHead.SentenceEmbedding;

        public override ModelFormat ModelFormat => ModelFormat.SentenceTransformers;

        public override TaskInputs Inputs { get; } = new(new TokenInput(texts.TokenPrefix));

        public override ArchiveFormat Format => Archive;

        public string Prompt => texts.Prompt;

        /// <summary>The same task once the size of the embeddings is known.</summary>
        public Task OfSize(int known) => new(texts, embedding, known);

        public override IReadOnlyList<TaskPart> Split(TaskRow row) => [new(texts.ToExample(row, 0))];

        public override float[][] Predict(TrainedModel trained, Batch batch) => SentenceTraining.Vectors(trained, batch);

        public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) =>
            [OutputColumn<float[]>.Vector(new(embedding, new VectorDataViewType(NumberDataViewType.Single, size)), vector => vector)];

        public override void Write(ArchiveWriter archive)
        {
            texts.Write(archive);
            archive.Write(embedding);
            archive.Write(size);
        }

        public static Task Read(ArchiveReader archive) => new(TextSet.Read(archive), archive.ReadName(), archive.ReadInt());
    }
}
