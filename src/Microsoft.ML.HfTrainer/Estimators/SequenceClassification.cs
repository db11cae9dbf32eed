using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;
using Microsoft.ML.HfTrainer.Training.Losses;
using static TorchSharp.torch;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.SequenceClassificationTransformer>(Microsoft.ML.HfTrainer.SequenceClassificationTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="SequenceClassificationEstimator"/>.</summary>
public sealed class SequenceClassificationOptions : HfTrainerOptions
{
    /// <summary>Gets or sets the name of the label column, a key. Default: <c>Label</c>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Gets or sets the prefix of the token columns, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>
    /// Gets or sets the name of a column (Single) of example weights, by which the losses of examples are multiplied. Default: null, all examples count alike. The
    /// weights of a validation set without the column are 1.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>Gets or sets the weights of classes, by KeyValue as text; those of other classes are 1. Default: null, all classes count alike.</summary>
    /// <remarks>The weighted losses are summed and divided by the number of examples. Weights such as examples / (classes · examples of the class) make up for rare classes.</remarks>
    public IReadOnlyDictionary<string, float>? ClassWeights { get; set; }

    /// <summary>Gets or sets the name of the column of predicted classes. Default: <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Gets or sets the name of the column of class probabilities. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face model to classify texts or pairs of texts.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.SequenceClassification`, after `mlContext.Transforms.Text.TokenizeHf`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf` and a label column of [key](xref:Microsoft.ML.Data.KeyDataViewType) type, as `MapValueToKey` produces it.
/// The KeyValues of the label are the classes, including those without examples.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `PredictedLabel` | [Key](xref:Microsoft.ML.Data.KeyDataViewType) of UInt32 | The most probable class, with the KeyValues of the label. |
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
/// A new classification head is added to the pretrained encoder, unless it has one for the same number of classes, and all weights are trained with cross-entropy
/// like the Hugging Face Trainer does, with the same [TrainingArguments](xref:Microsoft.ML.HfTrainer.TrainingArguments) and the same defaults. The seed is
/// `Arguments.Seed`, else that of MLContext, else 42. The device is `GpuDeviceId` of MLContext, else the CPU. No folder is written unless `Arguments.OutputDir` is set.
/// Evaluations report `accuracy`.
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
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        if (options is { ComputeLossFunc: not null, ClassWeights: not null } or { ComputeLossFunc: not null, ExampleWeightColumnName: not null })
            throw new ArgumentException("ComputeLossFunc replaces the loss that ClassWeights and ExampleWeightColumnName weight; weight the examples in the loss function instead.");
        _options = options;
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);
        KeyLabel.Check(Host, shape, _options.LabelColumnName);
        ExampleWeightColumn.Check(Host, shape, _options.ExampleWeightColumnName);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input)
    {
        var label = KeyLabel.Check(Host, input, _options.LabelColumnName);
        return [KeyLabel.PredictedShape(_options.PredictedLabelColumnName, label), KeyLabel.ScoreShape(_options.ScoreColumnName, label)];
    }

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var (label, weights) = (KeyLabel.Of(Host, schema[_options.LabelColumnName]), _options.ExampleWeightColumnName);
        return new(new SequenceClassificationTransformer.Task(_options.TokenColumnPrefix, _options.PredictedLabelColumnName, _options.ScoreColumnName, label))
        {
            Labels = [new KeyLabelColumn(_options.LabelColumnName, label), .. weights is null ? Array.Empty<ValueColumn>() : [new ExampleWeightColumn(weights)]],
            // The label decides how many classes there are, not what the model was fine-tuned for before.
            Model = new() { NumLabels = label.Count, Labels = label.Names, ProblemType = ProblemType.SingleLabelClassification, IgnoreMismatchedSizes = true },
            Loss = _options.ClassWeights is null && weights is null ? null : WeightedCrossEntropy.Of(_options.ClassWeights is { } own ? label.Weights(Host, own) : null),
            Metrics = EvalMetrics.Accuracy,
        };
    }

    private protected override SequenceClassificationTransformer Create(HfTask task, TrainedModel trained) =>
        new(Host.ForComponent(nameof(SequenceClassificationTransformer)), task, trained);
}

/// <summary>The <see cref="ITransformer"/> of <see cref="SequenceClassificationEstimator"/>.</summary>
public sealed class SequenceClassificationTransformer : HfTransformer, ISavedTransformer<SequenceClassificationTransformer>
{
    internal const string LoaderName = "HfSequenceClassify";

    internal SequenceClassificationTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained)
    {
    }

    static ArchiveFormat ISavedTransformer<SequenceClassificationTransformer>.Format => Task.Archive;

    static SequenceClassificationTransformer ISavedTransformer<SequenceClassificationTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.SequenceClassification);
        return new(host, Task.Read(archive), trained);
    }

    // The result of a row is the probability of each class.
    internal sealed class Task(string tokenPrefix, string predictedLabel, string score, KeyLabel label) : HfTask<float[]>
    {
        public static ArchiveFormat Archive { get; } = new("HFSEQCLS", LoaderName, 2);

        public override ModelHead Head => ModelHead.SequenceClassification;

        public override TaskInputs Inputs { get; } = new(new TokenInput(tokenPrefix));

        public override ArchiveFormat Format => Archive;

        public override float[][] Predict(TrainedModel trained, Batch batch) =>
            nn.functional.softmax(trained.Model.call(batch).Logits.to(ScalarType.Float32), -1).cpu().data<float>().ToArray().Chunk(label.Count).ToArray();

        public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) =>
        [
            OutputColumn<float[]>.Scalar(label.PredictedColumn(predictedLabel), scores => (uint)scores.IndexOf(scores.Max()) + 1),
            OutputColumn<float[]>.Vector(label.ScoreColumn(score, input), scores => scores),
        ];

        public override void Write(ArchiveWriter archive)
        {
            archive.Write(tokenPrefix);
            archive.Write(predictedLabel);
            archive.Write(score);
            label.Write(archive);
        }

        // Files of the first version have no prefix.
        public static Task Read(ArchiveReader archive) =>
            new(archive.Version == 1 ? "" : archive.ReadText() ?? "", archive.ReadName(), archive.ReadName(), KeyLabel.Read(archive));
    }
}
