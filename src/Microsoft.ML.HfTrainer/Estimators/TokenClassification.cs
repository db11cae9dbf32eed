using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tagging;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.TokenClassificationTransformer>(Microsoft.ML.HfTrainer.TokenClassificationTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="TokenClassificationEstimator"/>.</summary>
public sealed class TokenClassificationOptions : HfTrainerOptions
{
    /// <summary>
    /// Gets or sets the name of the label column, a vector of keys: the tag of each word or, with <see cref="EntityStartColumnName"/>, the type of each entity. Default:
    /// <c>Label</c>.
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// Gets or sets whether a missing key means that a word is outside of entities. If no KeyValue is <c>O</c>, the model learns one more class for such words, which is predicted
    /// as a missing key too. It applies to labels of words only. Default: false, each word needs a label.
    /// </summary>
    public bool MissingLabelIsOutside { get; set; }

    // Also where a validation set has it as a text, as the trainer of Microsoft.ML.TorchSharp reads labels. Otherwise such a label is an error.
    internal bool UnknownLabelIsOutside { get; init; }

    /// <summary>
    /// Gets or sets the name of a column (vector of Int32) of the start of each entity in the text, in UTF-16 code units. The model then learns the tags <c>O</c> and, for
    /// each KeyValue of the label, <c>B-</c> and <c>I-</c>. Default: null, labels are tags of words.
    /// </summary>
    public string? EntityStartColumnName { get; set; }

    /// <summary>Gets or sets the name of a column (vector of Int32) of the end of each entity in the text, exclusive, in UTF-16 code units. Default: null, labels are tags of words.</summary>
    public string? EntityEndColumnName { get; set; }

    /// <summary>Gets or sets the prefix of the token columns, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>Gets or sets which tokens of a word are trained with its tag. Default: <see cref="WordLabels.FirstToken"/>, the other tokens are ignored.</summary>
    public WordLabels WordLabels { get; set; } = WordLabels.FirstToken;

    /// <summary>
    /// Gets or sets the number of tokens by which the windows over a text that is longer than the maximum length of <c>TokenizeHf</c> overlap. For a token in two windows, the scores
    /// of the window in which more text surrounds it count. Default: null, a quarter of that length, at most 64.
    /// </summary>
    public int? Stride { get; set; }

    /// <summary>Gets or sets how the tags of tokens become words and entities. Default: <see cref="AggregationStrategy.First"/>.</summary>
    public AggregationStrategy AggregationStrategy { get; set; } = AggregationStrategy.First;

    /// <summary>Gets or sets the name of the column of the predicted tags. Default: <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Gets or sets the name of the column of the probabilities of the predicted tags. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>
    /// Gets or sets the prefix of the names of the columns of entities, which end with <c>Label</c>, <c>Start</c>, <c>End</c> and <c>Score</c>. Default: <c>Entity</c>.
    /// </summary>
    public string EntityColumnPrefix { get; set; } = "Entity";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face model to tag words, such as those of named entities.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.TokenClassification`, after `mlContext.Transforms.Text.TokenizeHf` with
/// `TokenizeHfOptions.ForTokenClassification`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf` and a label column, a vector of [keys](xref:Microsoft.ML.Data.KeyDataViewType). If `TokenizeHf` reads texts that are
/// split into words (vectors of text), or splits them (`SplitIntoWords`), the label has a tag for each word. If it reads plain texts, the label has the type of each entity,
/// and two more columns have its start and its end in the text.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `PredictedLabel` | Variable-length vector of [keys](xref:Microsoft.ML.Data.KeyDataViewType) of UInt32 | The tag of each word; missing for a word of which no token is left. |
/// | `Score` | Variable-length vector of [Single](xref:System.Single) | The probability of each of these tags. |
/// | `EntityLabel` | Variable-length vector of [text](xref:Microsoft.ML.Data.TextDataViewType) | The type of each entity. |
/// | `EntityStart`, `EntityEnd` | Variable-length vectors of [Int32](xref:System.Int32) | The start and the end (exclusive) of each entity: in UTF-16 code units of a text, or in words of a text that is split. |
/// | `EntityScore` | Variable-length vector of [Single](xref:System.Single) | The mean probability of the tags of each entity. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Named entity recognition, part-of-speech tagging |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// A new classification head over each token is added to the pretrained encoder, and all weights are trained with cross-entropy like the Hugging Face Trainer does. Long
/// texts are cut into overlapping windows. Evaluations report `precision`, `recall` and `f1` of entities and `accuracy` of tags, as the Python package seqeval computes
/// them.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.TokenClassification(TokenClassificationOptions)"/>
public sealed class TokenClassificationEstimator : HfEstimator<TokenClassificationTransformer>
{
    private const string StartKind = "column of entity starts", EndKind = "column of entity ends";

    private readonly TokenClassificationOptions _options;

    internal TokenClassificationEstimator(MlHost host, TokenClassificationOptions options) : base(host, options)
    {
        foreach (var name in new[] { options.LabelColumnName, options.PredictedLabelColumnName, options.ScoreColumnName, options.EntityColumnPrefix })
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        if (options.EntityStartColumnName is null != options.EntityEndColumnName is null)
            throw new ArgumentException("Only one of the options EntityStartColumnName and EntityEndColumnName is set; set both for labels of entities, none for labels of words.");
        if (options is { MissingLabelIsOutside: true, EntityStartColumnName: not null })
            throw new ArgumentException("The option MissingLabelIsOutside is set together with EntityStartColumnName; it is about labels of words, leave one of them out.");
        if (options.Stride is < 0)
            throw new ArgumentOutOfRangeException(nameof(options), $"Stride is {options.Stride}; it is a number of tokens from 0 up.");
        if (!Enum.IsDefined(options.WordLabels))
            throw new ArgumentOutOfRangeException(nameof(options), $"WordLabels is {options.WordLabels}, which is no {nameof(WordLabels)}.");
        if (!Enum.IsDefined(options.AggregationStrategy))
            throw new ArgumentOutOfRangeException(nameof(options), $"AggregationStrategy is {options.AggregationStrategy}, which is no {nameof(AggregationStrategy)}.");
        _options = options;
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);
        KeysColumn.Check(Host, shape, _options.LabelColumnName);
        if (_options is not { EntityStartColumnName: { } start, EntityEndColumnName: { } end })
            return;
        OffsetsColumn.Check(Host, shape, start, StartKind, "entity");
        OffsetsColumn.Check(Host, shape, end, EndKind, "entity");
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input)
    {
        var (label, vector) = (KeysColumn.Check(Host, input, _options.LabelColumnName), SchemaShape.Column.VectorKind.VariableVector);
        return
        [
            SchemaShapes.Column(_options.PredictedLabelColumnName, vector, NumberDataViewType.UInt32, isKey: true, KeyLabel.KeyValuesOf(label)),
            SchemaShapes.Column(_options.ScoreColumnName, vector, NumberDataViewType.Single),
            SchemaShapes.Column(_options.EntityColumnPrefix + "Label", vector, TextDataViewType.Instance),
            SchemaShapes.Column(_options.EntityColumnPrefix + "Start", vector, NumberDataViewType.Int32),
            SchemaShapes.Column(_options.EntityColumnPrefix + "End", vector, NumberDataViewType.Int32),
            SchemaShapes.Column(_options.EntityColumnPrefix + "Score", vector, NumberDataViewType.Single),
        ];
    }

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var column = schema[_options.LabelColumnName];
        var spans = _options.EntityStartColumnName is not null;
        var settings = TokenColumns.SettingsOf(schema, _options.TokenColumnPrefix);
        var columns = settings.Columns;
        var areWords = schema.GetColumnOrNull(columns.Text) is { } text ? text.Type is VectorDataViewType : !spans && columns.Form != TextForm.SplitAtSpaces;
        if (spans ? areWords : !areWords && columns.Form != TextForm.SplitAtSpaces)
            throw Host.SchemaError(spans
                ? $"TokenizeHf reads the words of '{columns.Text}', and EntityStartColumnName is set; spans are of plain texts, words have a tag each."
                : $"TokenizeHf reads plain texts from '{columns.Text}', and the label column '{column.Name}' would have to know how they are split into words; set SplitIntoWords in " +
                  "the options of TokenizeHf, give it a vector of words, or set EntityStartColumnName and EntityEndColumnName.");
        var classes = KeyLabel.Of(Host, column, atLeast: spans || _options.MissingLabelIsOutside ? 1u : 2u);
        var tags = !spans ? classes : classes.Names is { } types ? KeyLabel.OfTexts(TagScheme.TagsOf(types)) : throw Host.Mark(new ArgumentException(
            $"The label column '{column.Name}' has no KeyValues, which name the types of entities; make it with mlContext.Transforms.Conversion.MapValueToKey."));
        var outside = Array.IndexOf(tags.TagNames, TagScheme.Outside);
        var addsOutside = _options.MissingLabelIsOutside && outside < 0;
        var length = settings.MaxLength ?? int.MaxValue;
        var tagging = new TaggingSettings
        {
            TokenPrefix = _options.TokenColumnPrefix,
            Text = columns.Text,
            AreWords = !spans,
            InCharacters = !areWords,
            OutsideIsMissing = addsOutside,
            WordLabels = _options.WordLabels,
            WindowLength = length,
            Stride = _options.Stride ?? Math.Min(64, length / 4),
            Strategy = _options.AggregationStrategy,
            PredictedLabel = _options.PredictedLabelColumnName,
            Score = _options.ScoreColumnName,
            EntityPrefix = _options.EntityColumnPrefix,
        };
        var names = tagging.TagsOf(tags.TagNames);
        return new(new TokenClassificationTransformer.Task(tags, tagging))
        {
            Labels =
            [
                new KeysColumn(_options.LabelColumnName, classes, addsOutside ? 1 : 0, _options.MissingLabelIsOutside ? Math.Max(outside, 0) : null) { TakesUnknown = _options.UnknownLabelIsOutside },
                .. _options is { EntityStartColumnName: { } start, EntityEndColumnName: { } end }
                    ? [new OffsetsColumn(start, TagLabels.Starts, StartKind), new OffsetsColumn(end, TagLabels.Ends, EndKind)]
                    : Array.Empty<ValueColumn>(),
            ],
            Model = new() { NumLabels = names.Length, Labels = addsOutside ? names : tags.Names, IgnoreMismatchedSizes = true },
            Metrics = new SeqEvalMetric(TagScheme.Prefixed(names)).ToComputeMetrics(),
            Collator = (_, tokenizer) => new DataCollatorForTokenClassification(tokenizer),
        };
    }

    private protected override TokenClassificationTransformer Create(HfTask task, TrainedModel trained) =>
        new(Host.ForComponent(nameof(TokenClassificationTransformer)), task, trained);
}

/// <summary>The <see cref="ITransformer"/> of <see cref="TokenClassificationEstimator"/>.</summary>
public sealed class TokenClassificationTransformer : HfTransformer, ISavedTransformer<TokenClassificationTransformer>
{
    internal const string LoaderName = "HfTokenClassify";

    internal TokenClassificationTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained)
    {
    }

    static ArchiveFormat ISavedTransformer<TokenClassificationTransformer>.Format => Task.Archive;

    static TokenClassificationTransformer ISavedTransformer<TokenClassificationTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.TokenClassification);
        return new(host, new Task(KeyLabel.Read(archive), TaggingSettings.Read(archive)), trained);
    }

    // The result of a window is the scores of its tokens; that of a row, its words and entities.
    internal sealed class Task(KeyLabel tags, TaggingSettings settings) : HfTask<TaggedText>
    {
        private readonly TagLabels _labels = new(settings.TagsOf(tags.TagNames), settings.WordLabels);
        private readonly EntityAggregation _aggregation = new(settings.Strategy, settings.TagsOf(tags.TagNames));

        public static ArchiveFormat Archive { get; } = new("HFTOKCLS", LoaderName, 2);

        public override ModelHead Head => ModelHead.TokenClassification;

        public override TaskInputs Inputs { get; } = new(
            [
                new TokenInput(settings.TokenPrefix)
                {
                    Requested = [TokenColumn.Offsets, TokenColumn.WordIds, TokenColumn.SequenceIds],
                    InsteadOfPieces = $"the trainer cuts long texts into windows, which overlap by its own option Stride; make the token columns with {nameof(TokenizeHfOptions)}.{nameof(TokenizeHfOptions.ForTokenClassification)}.",
                },
            ],
            [new TextSizeColumn(settings.Text, settings.AreWords)]);

        public override ArchiveFormat Format => Archive;

        public override IReadOnlyList<TaskPart> Split(TaskRow row)
        {
            var labels = row[Batch.Labels].IsDefault ? null : _labels.Of(row, SizeOf(row));
            return [.. row.Windows(settings.WindowLength, settings.Stride).Select(window =>
            {
                var example = window.Tokens.ToExample();
                if (labels is not null)
                    example[Batch.Labels] = Array.ConvertAll(window.Places, place => labels[place]);
                return new TaskPart(example, window);
            })];
        }

        public override TaggedText[] Predict(TrainedModel trained, Batch batch)
        {
            var scores = nn.functional.softmax(trained.Model.call(batch).Logits.to(ScalarType.Float32), -1).cpu();
            var (length, mask) = ((int)scores.shape[1], batch.Get("attention_mask").cpu().data<long>().ToArray());
            var tokens = scores.data<float>().ToArray().Chunk((int)scores.shape[2]).ToArray();
            // Padding on the left is skipped; that on the right does no harm.
            return [.. tokens.Chunk(length).Select((row, i) => new TaggedText(row[Array.IndexOf(mask, 1L, i * length, length) is >= 0 and var first ? (first - (i * length)).. : ..]))];
        }

        public override TaggedText Join(TaskRow row, IReadOnlyList<(TaskPart Part, TaggedText Result)> parts)
        {
            var tokens = row.Tokens[0];
            var (scores, around) = (new float[tokens.Length][], new int[tokens.Length]);
            foreach (var (part, result) in parts)
                foreach (var (i, place) in part.Window!.Places.Index())
                    if (Math.Min(i, part.Window.Places.Length - 1 - i) is var own && (scores[place] is null || own > around[place]))
                        (scores[place], around[place]) = (result.Tokens[i], own);
            var pieces = new List<EntityAggregation.Token>();
            for (var i = 0; i < tokens.Length; i++)
                if (tokens.WordIds.Span[i] is >= 0 and var word)
                    pieces.Add(settings.InCharacters
                        ? new(word, tokens.Offsets.Span[2 * i], tokens.Offsets.Span[(2 * i) + 1], scores[i])
                        : new(word, word, word + 1, scores[i]));
            return _aggregation.Aggregate(pieces, (settings.AreWords ? SizeOf(row) : null) ?? TagLabels.WordCount(tokens));
        }

        public override IReadOnlyList<OutputColumn<TaggedText>> Outputs(DataViewSchema input)
        {
            OutputColumn<TaggedText> Entities<T>(string name, PrimitiveDataViewType type, Func<EntitySpan, T> value) => OutputColumn<TaggedText>.Vector(
                new(settings.EntityPrefix + name, new VectorDataViewType(type)), text => Array.ConvertAll(text.Entities, entity => value(entity)));
            return
            [
                OutputColumn<TaggedText>.Vector(tags.PredictedVectorColumn(settings.PredictedLabel), text => Array.ConvertAll(text.Words, word => settings.KeyOf(word.Tag))),
                OutputColumn<TaggedText>.Vector(new(settings.Score, new VectorDataViewType(NumberDataViewType.Single)), text => Array.ConvertAll(text.Words, word => word.Score)),
                Entities("Label", TextDataViewType.Instance, entity => entity.Label.AsMemory()),
                Entities("Start", NumberDataViewType.Int32, entity => entity.Start),
                Entities("End", NumberDataViewType.Int32, entity => entity.End),
                Entities("Score", NumberDataViewType.Single, entity => entity.Score),
            ];
        }

        public override void Write(ArchiveWriter archive)
        {
            tags.Write(archive);
            settings.Write(archive);
        }

        private static int? SizeOf(TaskRow row) => row[TextSizeColumn.TextSize] is { IsDefault: false } size ? size.Integers.Span[0] : null;
    }
}
