using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Sentences;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.SentenceSimilarityTransformer>(Microsoft.ML.HfTrainer.SentenceSimilarityTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="SentenceSimilarityEstimator"/>.</summary>
public sealed class SentenceSimilarityOptions : SentenceOptions
{
    /// <summary>Creates options whose label column is <c>Label</c>.</summary>
    public SentenceSimilarityOptions() => LabelColumnName = "Label";

    /// <summary>Gets or sets the prefix of the token columns of the first text, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: <c>First</c>.</summary>
    public string FirstTokenColumnPrefix { get; set; } = "First";

    /// <summary>Gets or sets the prefix of the token columns of the second text, which differs from that of the first. Default: <c>Second</c>.</summary>
    public string SecondTokenColumnPrefix { get; set; } = "Second";

    /// <summary>Gets or sets the name of the column of cosines. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face model to tell how similar two texts are, by the cosine of their embeddings.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.SentenceSimilarity`, after `mlContext.Transforms.Text.TokenizeHfPair`, which tokenizes each of the two
/// texts by itself. To use a pretrained model as it is, call `mlContext.HfTrainer.PretrainedSentenceSimilarity`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of both texts and, only for training, a label column: a score from -1 to 1, or what another loss takes.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `Score` | [Single](xref:System.Single) | The cosine of the embeddings of the two texts, from -1 to 1. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Regression of the similarity of two texts |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// The model is trained like that of [SentenceEmbeddingEstimator](xref:Microsoft.ML.HfTrainer.SentenceEmbeddingEstimator); the default loss is `CosineSimilarityLoss`. Each text is encoded
/// by itself, so embeddings can be computed once and kept. A model that reads both texts at once, as with `SequenceClassification`, is slower and often more accurate.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.SentenceSimilarity(SentenceSimilarityOptions)"/>
public sealed class SentenceSimilarityEstimator : HfEstimator<SentenceSimilarityTransformer>
{
    private readonly SentenceSimilarityOptions _options;

    // Null if the model is taken as it is.
    private readonly SentenceTraining? _training;

    internal SentenceSimilarityEstimator(MlHost host, SentenceSimilarityOptions options, bool trains) : base(host, options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.ScoreColumnName);
        ArgumentNullException.ThrowIfNull(options.FirstTokenColumnPrefix);
        ArgumentNullException.ThrowIfNull(options.SecondTokenColumnPrefix);
        options.CheckPooling();
        if (options.FirstTokenColumnPrefix == options.SecondTokenColumnPrefix)
            throw new ArgumentException($"FirstTokenColumnPrefix and SecondTokenColumnPrefix are both '{options.FirstTokenColumnPrefix}'; the texts are tokenized by two TokenizeHf with different OutputColumnPrefix.");
        (_options, _training) = (options, trains ? new SentenceTraining(options, 2) : null);
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.FirstTokenColumnPrefix);
        TokenColumns.Check(Host, shape, _options.SecondTokenColumnPrefix);
        _training?.CheckLabel(Host, shape);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) =>
        [SchemaShapes.Column(_options.ScoreColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single)];

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var (first, second) = (TokenColumns.SettingsOf(schema, _options.FirstTokenColumnPrefix), TokenColumns.SettingsOf(schema, _options.SecondTokenColumnPrefix));
        TextSet[] texts = [new(_options.FirstTokenColumnPrefix, first.Prepare("")), new(_options.SecondTokenColumnPrefix, second.Prepare(""))];
        var task = new SentenceSimilarityTransformer.Task(texts, _options.ScoreColumnName);
        return _training is null
            ? SentenceTraining.AsIs(Host, task, _options, first)
            : _training.Setup(Host, schema, task, new SentenceExamples(texts, [], first with { PadsToMaxLength = first.PadsToMaxLength || second.PadsToMaxLength }), [], first);
    }

    private protected override SentenceSimilarityTransformer Create(HfTask task, TrainedModel trained) => new(Host.ForComponent(nameof(SentenceSimilarityTransformer)), task, trained);
}

/// <summary>The <see cref="ITransformer"/> of <see cref="SentenceSimilarityEstimator"/>.</summary>
public sealed class SentenceSimilarityTransformer : HfTransformer, ISavedTransformer<SentenceSimilarityTransformer>
{
    internal const string LoaderName = "HfSentenceSimilarity";

    internal SentenceSimilarityTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained)
    {
    }

    static ArchiveFormat ISavedTransformer<SentenceSimilarityTransformer>.Format => Task.Archive;

    static SentenceSimilarityTransformer ISavedTransformer<SentenceSimilarityTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.SentenceEmbedding);
        return new(host, Task.Read(archive), trained);
    }

    // The result of a part is the embedding of a text; that of a row is the cosine of both.
    internal sealed class Task(IReadOnlyList<TextSet> texts, string score) : HfTask<float[]>
    {
        public static ArchiveFormat Archive { get; } = new("HFSENSIM", LoaderName, 1);

        public override ModelHead Head => ModelHead.SentenceEmbedding;

        public override ModelFormat ModelFormat => ModelFormat.SentenceTransformers;

        public override TaskInputs Inputs { get; } = new([.. texts.Select(text => new TokenInput(text.TokenPrefix))], []);

        public override ArchiveFormat Format => Archive;

        public override IReadOnlyList<TaskPart> Split(TaskRow row) => [.. texts.Select((text, set) => new TaskPart(text.ToExample(row, set)))];

        public override float[][] Predict(TrainedModel trained, Batch batch) => SentenceTraining.Vectors(trained, batch);

        public override float[] Join(TaskRow row, IReadOnlyList<(TaskPart Part, float[] Result)> parts) => [SemanticSearch.Cosine(parts[0].Result, parts[1].Result)];

        public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) =>
            [OutputColumn<float[]>.Scalar(new(score, NumberDataViewType.Single), cosine => cosine[0])];

        public override void Write(ArchiveWriter archive)
        {
            foreach (var text in texts)
                text.Write(archive);
            archive.Write(score);
        }

        public static Task Read(ArchiveReader archive) => new([TextSet.Read(archive), TextSet.Read(archive)], archive.ReadName());
    }
}
