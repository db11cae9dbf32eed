using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Answering;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.QuestionAnsweringTransformer>(Microsoft.ML.HfTrainer.QuestionAnsweringTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="QuestionAnsweringEstimator"/>.</summary>
public sealed class QuestionAnsweringOptions : HfTrainerOptions
{
    /// <summary>
    /// Gets or sets the name of the column of answers: text, or a vector of text if there are several right answers. Training learns the first one; evaluations compare with all and take the
    /// best. An empty text or vector means that there is no answer. Only training and evaluation read the column. Default: <c>Answer</c>.
    /// </summary>
    public string AnswerColumnName { get; set; } = "Answer";

    /// <summary>
    /// Gets or sets the name of the column of the start of the answer in the context, in UTF-16 code units: Int32, or a vector of Int32 if there are several answers. Only training and
    /// evaluation read the column. Default: <c>AnswerIndex</c>.
    /// </summary>
    public string AnswerIndexColumnName { get; set; } = "AnswerIndex";

    /// <summary>Gets or sets the prefix of the token columns, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>
    /// Gets or sets the number of tokens by which the windows over a context that is longer than the maximum length of <c>TokenizeHf</c> overlap (<c>doc_stride</c>). An answer that is longer
    /// than the overlap may be cut at the border of two windows. Default: null, a quarter of that length, at most 64.
    /// </summary>
    public int? Stride { get; set; }

    /// <summary>Gets or sets the maximum number of answers to each question, from 1 to <see cref="NBestSize"/>. Default: 3.</summary>
    public int TopK { get; set; } = 3;

    /// <summary>Gets or sets the number of spans with the highest scores that are kept, over which probabilities are computed (<c>n_best_size</c>). Default: 20.</summary>
    public int NBestSize { get; set; } = 20;

    /// <summary>Gets or sets the maximum length of an answer in tokens (<c>max_answer_length</c>). Default: 30.</summary>
    public int MaxAnswerLength { get; set; } = 30;

    /// <summary>Gets or sets whether a context may lack the answer (<c>version_2_with_negative</c>). An empty text then stands for no answer. Default: false.</summary>
    public bool AllowNoAnswer { get; set; }

    /// <summary>
    /// Gets or sets the difference of scores above which no answer is predicted: the score of no answer minus that of the best answer (<c>null_score_diff_threshold</c>). It has an effect only
    /// if <see cref="AllowNoAnswer"/> is set. Default: 0.
    /// </summary>
    public double NullScoreDiffThreshold { get; set; }

    /// <summary>Gets or sets the name of the column of predicted answers. Default: <c>PredictedAnswer</c>.</summary>
    public string PredictedAnswerColumnName { get; set; } = "PredictedAnswer";

    /// <summary>Gets or sets the name of the column of the probabilities of the answers. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Gets or sets the name of the column of the starts of the answers in the context, in UTF-16 code units. Default: <c>AnswerStart</c>.</summary>
    public string AnswerStartColumnName { get; set; } = "AnswerStart";

    /// <summary>Gets or sets the name of the column of the ends of the answers, exclusive, in UTF-16 code units. Default: <c>AnswerEnd</c>.</summary>
    public string AnswerEndColumnName { get; set; } = "AnswerEnd";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face model to find the answer to a question in a text (extractive question answering).</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.QuestionAnswering`, after `mlContext.Transforms.Text.TokenizeHf` with `TokenizeHfOptions.ForQuestionAnswering`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf` over pairs of a question and a context, the column of contexts, and, in training, a column of answers
/// ([text](xref:Microsoft.ML.Data.TextDataViewType)) and one of their starts in the context ([Int32](xref:System.Int32), UTF-16 code units). Several right answers are
/// vectors of both.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `PredictedAnswer` | Variable-length vector of [text](xref:Microsoft.ML.Data.TextDataViewType) | The `TopK` best answers or fewer, the best one first. An empty text is no answer. |
/// | `Score` | Variable-length vector of [Single](xref:System.Single) | The probability of each answer among the best spans (softmax). |
/// | `AnswerStart`, `AnswerEnd` | Variable-length vectors of [Int32](xref:System.Int32) | The start and the end (exclusive) of each answer in the context, in UTF-16 code units; both 0 for no answer. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Extractive question answering |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// A new head, which scores each token as the start and as the end of the answer, is added to the pretrained encoder, and all weights are trained like the Hugging Face
/// Trainer does. Long contexts are cut into overlapping windows. Rows whose answer does not stand in the context at its index are left out; a warning counts them.
/// Evaluations report `exact_match` and `f1` of SQuAD over whole contexts or, with `AllowNoAnswer`, the metrics of SQuAD 2.0.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.QuestionAnswering(QuestionAnsweringOptions)"/>
public sealed class QuestionAnsweringEstimator : HfEstimator<QuestionAnsweringTransformer>
{
    private const string AnswerKind = "answer column", IndexKind = "column of answer indices";

    private readonly QuestionAnsweringOptions _options;
    private readonly AnswerFinder _finder;

    internal QuestionAnsweringEstimator(MlHost host, QuestionAnsweringOptions options) : base(host, options)
    {
        foreach (var name in new[]
            { options.AnswerColumnName, options.AnswerIndexColumnName, options.PredictedAnswerColumnName, options.ScoreColumnName, options.AnswerStartColumnName, options.AnswerEndColumnName })
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        if (options.Stride is < 0)
            throw new ArgumentOutOfRangeException(nameof(options), $"Stride is {options.Stride}; it is a number of tokens from 0 up.");
        _options = options;
        _finder = new()
        {
            NBestSize = options.NBestSize,
            MaxAnswerLength = options.MaxAnswerLength,
            AllowNoAnswer = options.AllowNoAnswer,
            NullScoreDiffThreshold = options.NullScoreDiffThreshold,
        };
        if (options.TopK < 1 || options.TopK > options.NBestSize)
            throw new ArgumentOutOfRangeException(nameof(options), $"TopK is {options.TopK}; it should be from 1 to NBestSize, which is {options.NBestSize}.");
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);
        var several = ColumnNames.Find(Host, shape, AnswerKind, _options.AnswerColumnName).Kind != SchemaShape.Column.VectorKind.Scalar;
        TextColumn.Check(Host, shape, _options.AnswerColumnName, AnswerKind, isVector: several);
        OffsetsColumn.Check(Host, shape, _options.AnswerIndexColumnName, IndexKind, "answer", isVector: several);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input)
    {
        const SchemaShape.Column.VectorKind Vector = SchemaShape.Column.VectorKind.VariableVector;
        return
        [
            SchemaShapes.Column(_options.PredictedAnswerColumnName, Vector, TextDataViewType.Instance),
            SchemaShapes.Column(_options.ScoreColumnName, Vector, NumberDataViewType.Single),
            SchemaShapes.Column(_options.AnswerStartColumnName, Vector, NumberDataViewType.Int32),
            SchemaShapes.Column(_options.AnswerEndColumnName, Vector, NumberDataViewType.Int32),
        ];
    }

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var tokenized = TokenColumns.SettingsOf(schema, _options.TokenColumnPrefix);
        if (tokenized.Columns is not { Pair: { } context, Form: not TextForm.Choices } || schema.GetColumnOrNull(context)?.Type is VectorDataViewType)
            throw Host.SchemaError(
                $"TokenizeHf reads {tokenized.Columns}; question answering needs pairs of a question and a context, both plain texts: make the token columns with {nameof(TokenizeHfOptions)}." +
                $"{nameof(TokenizeHfOptions.ForQuestionAnswering)}.");
        var length = tokenized.MaxLength ?? int.MaxValue;
        var settings = new AnsweringSettings
        {
            TokenPrefix = _options.TokenColumnPrefix,
            Context = context,
            WindowLength = length,
            Stride = _options.Stride ?? Math.Min(64, length / 4),
            TopK = _options.TopK,
            Finder = _finder,
            PredictedAnswer = _options.PredictedAnswerColumnName,
            Score = _options.ScoreColumnName,
            AnswerStart = _options.AnswerStartColumnName,
            AnswerEnd = _options.AnswerEndColumnName,
        };
        var rows = new AnswerRows(Host, settings, _options.AnswerColumnName, isCut: tokenized.Truncation != TruncationStrategy.DoNotTruncate);
        return new(new QuestionAnsweringTransformer.Task(settings))
        {
            Labels =
            [
                new TextColumn(_options.AnswerColumnName, AnswerRows.Answers, AnswerKind),
                new OffsetsColumn(_options.AnswerIndexColumnName, AnswerRows.Starts, IndexKind),
            ],
            Model = new() { IgnoreMismatchedSizes = true },
            Metrics = new AnswerEvaluation(_finder).Compute,
            Pack = rows.OfTraining,
            PackValidation = rows.OfValidation,
        };
    }

    private protected override QuestionAnsweringTransformer Create(HfTask task, TrainedModel trained) =>
        new(Host.ForComponent(nameof(QuestionAnsweringTransformer)), task, trained);
}

/// <summary>The <see cref="ITransformer"/> of <see cref="QuestionAnsweringEstimator"/>.</summary>
public sealed class QuestionAnsweringTransformer : HfTransformer, ISavedTransformer<QuestionAnsweringTransformer>
{
    internal const string LoaderName = "HfQuestionAnswer";

    internal QuestionAnsweringTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained)
    {
    }

    static ArchiveFormat ISavedTransformer<QuestionAnsweringTransformer>.Format => Task.Archive;

    static QuestionAnsweringTransformer ISavedTransformer<QuestionAnsweringTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.QuestionAnswering);
        return new(host, new Task(AnsweringSettings.Read(archive)), trained);
    }

    // The result of a window is the scores of its tokens; that of a row, its answers.
    internal sealed class Task(AnsweringSettings settings) : HfTask<AnsweredText>
    {
        public static ArchiveFormat Archive { get; } = new("HFQUESTN", LoaderName, 1);

        public override ModelHead Head => ModelHead.QuestionAnswering;

        public override TaskInputs Inputs { get; } = new(
            [
                new TokenInput(settings.TokenPrefix)
                {
                    Requested = [TokenColumn.Offsets, TokenColumn.SequenceIds],
                    InsteadOfPieces = $"the trainer cuts long contexts into windows, which overlap by its own option Stride; make the token columns with {nameof(TokenizeHfOptions)}.{nameof(TokenizeHfOptions.ForQuestionAnswering)}.",
                },
            ],
            [new TextColumn(settings.Context, AnswerRows.Context, "context column")]);

        public override ArchiveFormat Format => Archive;

        public override IDataCollator Collator(HfTokenizer tokenizer) => new AnswerCollator(tokenizer);

        public override IReadOnlyList<TaskPart> Split(TaskRow row) =>
            [.. row.Windows(settings.WindowLength, settings.Stride).Select(window => new TaskPart(window.Tokens.ToExample(), window))];

        public override AnsweredText[] Predict(TrainedModel trained, Batch batch)
        {
            var output = trained.Model.call(batch);
            var length = (int)output.Logits.shape[1];
            return [.. RowsOf(output.Logits).Zip(RowsOf(output.Others["end_logits"]), (starts, ends) => new AnsweredText(starts, ends))];

            IEnumerable<float[]> RowsOf(Tensor logits) => logits.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray().Chunk(length);
        }

        public override AnsweredText Join(TaskRow row, IReadOnlyList<(TaskPart Part, AnsweredText Result)> parts)
        {
            var windows = parts.Select(part => AnswerPlace.ToWindow(part.Result.StartLogits, part.Result.EndLogits, AnswerPlace.ContextOffsets(part.Part.Window!.Tokens))).ToArray();
            var found = settings.Finder.Find(row[AnswerRows.Context].Text, windows);
            // Windows share tokens, so that a span may be found twice.
            return new([], []) { Answers = found.Best is { } best ? [.. found.Candidates.Prepend(best).DistinctBy(answer => (answer.Start, answer.End)).Take(settings.TopK)] : [] };
        }

        public override IReadOnlyList<OutputColumn<AnsweredText>> Outputs(DataViewSchema input)
        {
            static OutputColumn<AnsweredText> Answers<T>(string name, PrimitiveDataViewType type, Converter<AnswerSpan, T> value) =>
                OutputColumn<AnsweredText>.Vector(new(name, new VectorDataViewType(type)), text => Array.ConvertAll(text.Answers, value));
            return
            [
                Answers(settings.PredictedAnswer, TextDataViewType.Instance, answer => answer.Text.AsMemory()),
                Answers(settings.Score, NumberDataViewType.Single, answer => (float)answer.Probability),
                Answers(settings.AnswerStart, NumberDataViewType.Int32, answer => answer.Start),
                Answers(settings.AnswerEnd, NumberDataViewType.Int32, answer => answer.End),
            ];
        }

        public override void Write(ArchiveWriter archive) => settings.Write(archive);
    }
}
