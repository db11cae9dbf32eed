using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Training.Losses;
using static TorchSharp.torch;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.SequenceClassificationTransformer>(Microsoft.ML.HfTrainer.SequenceClassificationTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Settings of <see cref="SequenceClassificationEstimator"/>.</summary>
public sealed class SequenceClassificationOptions : HfTrainerOptions
{
    /// <summary>The column of classes, a key. Default: <c>Label</c>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The column (Single) that says how much each example counts: its loss is multiplied by it. Default: null, all count alike. A validation set without it
    /// is evaluated with weights of 1.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>How much the examples of a class count, by the class's KeyValue as text; those not named count 1. Default: null, all count alike.</summary>
    /// <remarks>The weighted losses are summed and divided by the number of examples. Weights such as examples / (classes · examples of the class) make up for rare classes.</remarks>
    public IReadOnlyDictionary<string, float>? ClassWeights { get; set; }

    /// <summary>The column that the predicted class is written to. Default: <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>The column that the classes' probabilities are written to. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face model to classify texts, or pairs of texts.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.SequenceClassification`, after `mlContext.Transforms.Text.TokenizeHf`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf` and a label column of [key](xref:Microsoft.ML.Data.KeyDataViewType) type, as `MapValueToKey` gives it.
/// The label's KeyValues are the classes: one that has no example keeps its place.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `PredictedLabel` | [Key](xref:Microsoft.ML.Data.KeyDataViewType) of UInt32 | The most probable class, with the label's KeyValues. |
/// | `Score` | Vector of [Single](xref:System.Single) | The probability of each class (softmax), in the order of the KeyValues. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Multiclass classification |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// A new classification head is put on the pretrained encoder, unless it has one for as many classes, and all weights are trained with cross-entropy as
/// the Hugging Face Trainer does, by the settings of [TrainingArguments](xref:Microsoft.ML.HfTrainer.TrainingArguments): same names, same defaults. The
/// seed is `Arguments.Seed`, else MLContext's, else 42. The device is MLContext's `GpuDeviceId`, else the CPU. No folder is written unless
/// `Arguments.OutputDir` is set. Evaluations report `accuracy`.
///
/// Check the See Also section for links to usage examples.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.SequenceClassification(SequenceClassificationOptions)"/>
public sealed class SequenceClassificationEstimator : HfEstimator<SequenceClassificationTransformer>
{
    private readonly SequenceClassificationOptions _options;

    internal SequenceClassificationEstimator(MlHost host, SequenceClassificationOptions options) : base(host, options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.LabelColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.PredictedLabelColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.ScoreColumnName);
        _options = options;
    }

    /// <summary>The columns that the transformer gives.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CheckInput(inputSchema);
        var label = KeyLabel.Check(Host, inputSchema, _options.LabelColumnName);
        var keyValues = label.Annotations.Where(a => a.Name == ScoreAnnotations.KeyValues && a.Kind == SchemaShape.Column.VectorKind.Vector);
        return inputSchema.With(
        [
            SchemaShapes.Column(_options.PredictedLabelColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, keyValues),
            SchemaShapes.Column(
                _options.ScoreColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single,
                annotations: ScoreAnnotations.OfMulticlassScore(label)),
        ]);
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        base.CheckInput(shape);
        KeyLabel.Check(Host, shape, _options.LabelColumnName);
        ExampleWeight.Check(Host, shape, _options.ExampleWeightColumnName);
    }

    private protected override TaskBinding<SequenceClassificationTransformer> Bind(DataViewSchema schema) =>
        new Binding(Host, _options, KeyLabel.Of(Host, schema[_options.LabelColumnName]));

    private sealed class Binding(MlHost host, SequenceClassificationOptions options, KeyLabel label) : TaskBinding<SequenceClassificationTransformer>
    {
        public override IReadOnlyDictionary<string, double> ComputeMetrics(EvalPrediction prediction) => EvalMetrics.Accuracy(prediction);

        public override LossFunction? Loss { get; } = options.ClassWeights is null && options.ExampleWeightColumnName is null
            ? null
            : WeightedCrossEntropy.Of(options.ClassWeights is { } weights ? label.Weights(host, weights) : null);

        public override DataViewDataset Read(TokenData data)
        {
            var name = options.LabelColumnName;
            var column = data.View.Schema.GetColumnOrNull(name) ?? throw host.Mark(new ArgumentException(
                $"There is no label column '{name}' in {data.Name}; there are {string.Join(", ", data.View.Schema.Select(c => c.Name))}."));
            return data.Read(column, row =>
            {
                var read = label.Reader(host, row, column);
                return number => read() is >= 0 and var index ? index : throw host.Mark(new InvalidDataException(
                    $"{data.NameOf(number)} has no label: its value in '{name}' is missing or is none of the {label.Count} classes. Give it one of them, or filter the " +
                    "row out."));
            }, ExampleWeight.Of(data.View.Schema, options.ExampleWeightColumnName));
        }

        public override PretrainedModel Load(string folder, AttentionImplementation attention) =>
            AutoModelForSequenceClassification.FromPretrained(folder, new FromPretrainedOptions
            {
                NumLabels = label.Count,
                Labels = label.Names,
                ProblemType = ProblemType.SingleLabelClassification,
                Attention = attention,
                // The label decides how many classes there are, not what the model was fine-tuned for before.
                IgnoreMismatchedSizes = true,
            });

        public override SequenceClassificationTransformer Finish(TrainedModel trained) =>
            new(host.ForComponent(nameof(SequenceClassificationTransformer)), trained, new(options.PredictedLabelColumnName, options.ScoreColumnName), label);
    }
}

/// <summary>The <see cref="ITransformer"/> of <see cref="SequenceClassificationEstimator"/>.</summary>
public sealed class SequenceClassificationTransformer : HfTransformer, ISavedTransformer<SequenceClassificationTransformer>
{
    internal const string LoaderName = "HfSequenceClassify";

    private static readonly ArchiveFormat _format = new("HFSEQCLS", LoaderName, 1);

    private readonly OutputNames _names;
    private readonly KeyLabel _label;

    internal SequenceClassificationTransformer(MlHost host, TrainedModel trained, OutputNames names, KeyLabel label) : base(host, trained)
    {
        (_names, _label) = (names, label);
    }

    static ArchiveFormat ISavedTransformer<SequenceClassificationTransformer>.Format => _format;

    private protected override ArchiveFormat ArchiveFormat => _format;

    /// <inheritdoc/>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    static SequenceClassificationTransformer ISavedTransformer<SequenceClassificationTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.SequenceClassification);
        return new(host, trained, new(archive.ReadName(), archive.ReadName()), KeyLabel.Read(archive));
    }

    private protected override void Write(ArchiveWriter archive)
    {
        archive.Write(_names.PredictedLabel);
        archive.Write(_names.Score);
        _label.Write(archive);
    }

    private protected override RowMapper Mapper(DataViewSchema schema) => Bind(schema);

    private ClassMapper Bind(DataViewSchema schema) => new(this, schema, BindTokens(schema));

    private DataViewSchema.DetachedColumn[] OutputColumns(DataViewSchema input)
    {
        var (predicted, score) = (new DataViewSchema.Annotations.Builder(), new DataViewSchema.Annotations.Builder());
        if (_label.Values is { } values)
        {
            values.AddTo(predicted, ScoreAnnotations.KeyValues);
            values.AddTo(score, ScoreAnnotations.TrainingLabelValues);
            if (values.Type.ItemType is TextDataViewType)
                values.AddTo(score, ScoreAnnotations.SlotNames);
        }
        score.AddScore(input, ScoreAnnotations.MulticlassClassification);
        return
        [
            new(_names.PredictedLabel, new KeyDataViewType(typeof(uint), _label.Count), predicted.ToAnnotations()),
            new(_names.Score, new VectorDataViewType(NumberDataViewType.Single, _label.Count), score.ToAnnotations()),
        ];
    }

    internal sealed record OutputNames(string PredictedLabel, string Score);

    // A prediction is the probability of each class.
    private sealed class ClassMapper(SequenceClassificationTransformer classifier, DataViewSchema input, TokenColumns tokens)
        : PredictionMapper<float[]>(input, tokens, classifier.OutputColumns(input))
    {
        private readonly TokenColumns _tokens = tokens;

        public override int BatchSize => classifier.BatchSize;

        public override float[][] Predict(IReadOnlyList<TokenSequence> rows, IReadOnlyList<long> numbers) =>
            classifier.Forward(_tokens, rows, numbers, output =>
                nn.functional.softmax(output.Logits.to(ScalarType.Float32), -1).cpu().data<float>().ToArray().Chunk(classifier._label.Count).ToArray());

        public override Delegate Getter(int added, Func<float[]> current) => added == 0
            ? (ValueGetter<uint>)((ref uint key) => key = (uint)Best(current()) + 1)
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scores) => new VBuffer<float>(classifier._label.Count, current()).CopyTo(ref scores));

        private static int Best(float[] scores) => scores.IndexOf(scores.Max());
    }
}
