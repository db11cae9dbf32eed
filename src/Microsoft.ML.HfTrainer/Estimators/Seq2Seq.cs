using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.LanguageModels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.Seq2SeqTransformer>(Microsoft.ML.HfTrainer.Seq2SeqTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="Seq2SeqEstimator"/>.</summary>
public sealed class Seq2SeqOptions : HfTrainerOptions
{
    /// <summary>Gets or sets the name of the column of target texts (text), which only training and evaluation read. Default: <c>Target</c>.</summary>
    public string TargetColumnName { get; set; } = "Target";

    /// <summary>Gets or sets the prefix of the token columns of the source texts, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>
    /// Gets or sets the maximum length of targets in tokens, special tokens included. Longer targets are cut in training. It is also the maximum length of generated
    /// texts unless <see cref="Generation"/> or the model sets another. Default: 128.
    /// </summary>
    public int MaxTargetLength { get; set; } = 128;

    /// <summary>
    /// Gets or sets the language code of the targets, such as <c>de_DE</c> (mBART) or <c>deu_Latn</c> (NLLB), for models of several languages; that of the sources is
    /// <see cref="TokenizeHfOptions.Language"/>. Default: null, <c>tgt_lang</c> of the configuration of the tokenizer.
    /// </summary>
    public string? TargetLanguage { get; set; }

    /// <summary>
    /// Gets or sets the settings of generation in evaluations and in prediction, which are saved with the model. If <see cref="GenerationConfig.NumReturnSequences"/> is above 1, the output is
    /// a vector of that many texts, the best first. Default: null, the settings of the model.
    /// </summary>
    public GenerationConfig? Generation { get; set; }

    /// <summary>
    /// Gets or sets the names of the metrics of evaluations, which compare generated texts with targets: <c>bleu</c>, <c>chrf</c>, <c>chrf++</c>, <c>rouge</c>, or those registered in
    /// <see cref="EvalMetrics"/>. If it is empty, evaluations report only the loss and generate no texts. Default: <c>bleu</c> and <c>chrf</c>.
    /// </summary>
    public IReadOnlyList<string> Metrics { get; set; } = ["bleu", "chrf"];

    /// <summary>Gets or sets the name of the column of generated texts. Default: <c>GeneratedText</c>.</summary>
    public string GeneratedTextColumnName { get; set; } = "GeneratedText";

    /// <summary>Gets or sets the name of the column of the scores of generated texts, which exists only if <see cref="GenerationConfig.NumBeams"/> is above 1. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face encoder-decoder to generate a target text for a source text: translation, summarization, rewriting.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.Seq2Seq`, after `mlContext.Transforms.Text.TokenizeHf` of the source texts.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf` and a column of target [texts](xref:Microsoft.ML.Data.TextDataViewType), which prediction does not need.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `GeneratedText` | [Text](xref:Microsoft.ML.Data.TextDataViewType), or a vector of it | The generated text; if `Generation.NumReturnSequences` is above 1, a vector of that many texts, the best first. |
/// | `Score` | [Single](xref:System.Single), or a vector of it | Only if `Generation.NumBeams` is above 1: the sum of the log probabilities of the tokens of each text, divided by its length to the power of `LengthPenalty`. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Translation, summarization |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// All weights are trained with cross-entropy over the tokens of the targets like the Hugging Face Seq2SeqTrainer does. Evaluations generate a text for each source text and report the
/// loss and the metrics that the option `Metrics` names.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.Seq2Seq(Seq2SeqOptions)"/>
public sealed class Seq2SeqEstimator : HfEstimator<Seq2SeqTransformer>
{
    private readonly Seq2SeqOptions _options;
    private readonly GenerationConfig? _generation;
    private readonly GeneratedColumns _columns;

    internal Seq2SeqEstimator(MlHost host, Seq2SeqOptions options) : base(host, options)
    {
        foreach (var name in new[] { options.TargetColumnName, options.GeneratedTextColumnName, options.ScoreColumnName })
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        ArgumentNullException.ThrowIfNull(options.Metrics);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxTargetLength, 1);
        if (options.Metrics.FirstOrDefault(name => EvalMetrics.Get(name) is not ITextMetric) is { } other)
            throw new ArgumentException($"Metrics has '{other}', which does not compare texts; take bleu, chrf or rouge, or set ComputeMetrics.");
        (_options, _generation) = (options, GenerationSettings.Of(options.Generation, options.Arguments));
        _columns = GeneratedColumns.Of(options.GeneratedTextColumnName, options.ScoreColumnName, _generation);
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);
        TextColumn.Check(Host, shape, _options.TargetColumnName, TargetTexts.Kind);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) => _columns.Shapes();

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var targets = new TargetTexts(_options.TargetColumnName, _options.MaxTargetLength, _options.TargetLanguage);
        return new(new Seq2SeqTransformer.Task(_options.TokenColumnPrefix, _columns) { Targets = targets })
        {
            Labels = [new TextColumn(_options.TargetColumnName, TargetTexts.Feature, TargetTexts.Kind)],
            Prepare = (model, tokenizer) =>
                GenerationSettings.Apply(model, tokenizer, _generation, settings => targets.Complete(settings, _generation, tokenizer, (model as HeadedModel)?.Body.MaxLength)),
            Collator = (model, tokenizer) => new DataCollatorForSeq2Seq(tokenizer, model),
            Trainer = NewTrainer,
        };
    }

    private protected override Seq2SeqTransformer Create(HfTask task, TrainedModel trained) => new(Host.ForComponent(nameof(Seq2SeqTransformer)), task, trained);

    private Seq2SeqTaskTrainer NewTrainer(TrainerParts parts)
    {
        // They are the model's own by now.
        parts.Args.GenerationConfig = null;
        if (parts.ComputeMetrics is not null || _options.Metrics.Count == 0)
            return new(parts, _options);
        parts.Args.PredictWithGenerate = true;
        MetricSet NewMetrics() => EvalMetrics.Combine(_options.Metrics, labels: null, parts.Tokenizer);
        return new(parts with { ComputeMetrics = NewMetrics().ToComputeMetrics() }, _options) { ComputeBatchMetrics = NewMetrics().ToBatchMetrics() };
    }
}

/// <summary>The <see cref="ITransformer"/> of <see cref="Seq2SeqEstimator"/>.</summary>
public sealed class Seq2SeqTransformer : HfTransformer, ISavedTransformer<Seq2SeqTransformer>
{
    internal const string LoaderName = "HfSeq2Seq";

    internal Seq2SeqTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained)
    {
    }

    static ArchiveFormat ISavedTransformer<Seq2SeqTransformer>.Format => Task.Archive;

    static Seq2SeqTransformer ISavedTransformer<Seq2SeqTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.Seq2SeqLM);
        return new(host, new Task(archive.ReadText() ?? "", GeneratedColumns.Read(archive)), trained);
    }

    internal sealed class Task(string tokenPrefix, GeneratedColumns columns) : GeneratingTask(tokenPrefix, columns)
    {
        public static ArchiveFormat Archive { get; } = new("HFSEQ2SQ", LoaderName, 1);

        /// <summary>The targets of training.</summary>
        public TargetTexts? Targets { get; init; }

        public override ModelHead Head => ModelHead.Seq2SeqLM;

        public override ArchiveFormat Format => Archive;

        public override IReadOnlyList<TaskPart> Split(TaskRow row)
        {
            var example = row.Tokens[0].ToExample();
            if (row[TargetTexts.Feature] is { IsDefault: false } target)
                example[Batch.Labels] = Targets!.Ids(row, target.Text);
            return [new(example)];
        }
    }
}
