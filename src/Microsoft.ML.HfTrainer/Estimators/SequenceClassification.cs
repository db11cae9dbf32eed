using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Classification;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.SequenceClassificationTransformer>(Microsoft.ML.HfTrainer.SequenceClassificationTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="SequenceClassificationEstimator"/>.</summary>
public sealed class SequenceClassificationOptions : HfTrainerOptions
{
    /// <summary>
    /// Gets or sets the name of the label column, whose type decides what the model learns: one class of several (a key), true or false (Boolean), several classes at once
    /// (a vector of known size of Boolean, or of Single 0 and 1), or a number (Single). Default: <c>Label</c>.
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Gets or sets the prefix of the token columns, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>
    /// Gets or sets the name of a column (Single) of example weights, by which the losses of examples are multiplied. Default: null, all examples count alike. The
    /// weights of a validation set without the column are 1.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Gets or sets the weights of classes, by KeyValue as text; those of other classes are 1. The classes of a Boolean label are <c>True</c> and <c>False</c>, those of a
    /// vector its SlotNames. Default: null, all classes count alike.
    /// </summary>
    /// <remarks>The weighted losses are summed and divided by the number of examples. Weights such as examples / (classes · examples of the class) make up for rare classes.</remarks>
    public IReadOnlyDictionary<string, float>? ClassWeights { get; set; }

    /// <summary>Gets or sets the name of the column of predicted classes. There is none if the label is a number. Default: <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>
    /// Gets or sets the name of the column of scores: the probabilities of the classes if the label is a key, logits if it is a Boolean or a vector, or the predicted number. Default: <c>Score</c>.
    /// </summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>
    /// Gets or sets the name of the column of probabilities, which exists only if the label is a Boolean or a vector. Default: <c>Probability</c>.
    /// </summary>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>
    /// Gets or sets the probability above which true is predicted for a Boolean label, or a class for a vector: a number between 0 and 1. It does not apply to other labels. Default: 0.5.
    /// </summary>
    public float Threshold { get; set; } = PredictionSettings.DefaultThreshold;
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face model to classify texts or pairs of texts, or to predict numbers for them.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.SequenceClassification`, after `mlContext.Transforms.Text.TokenizeHf`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf` and a label column, whose type decides what the model learns.
///
/// | Label | Output Column Name | Column Type | Description |
/// | -- | -- | -- | -- |
/// | [Key](xref:Microsoft.ML.Data.KeyDataViewType), as `MapValueToKey` produces it | `PredictedLabel` | Key of UInt32 | The most probable class, with the KeyValues of the label, which are the classes, including those without examples. |
/// | | `Score` | Vector of [Single](xref:System.Single) | The probability of each class (softmax), in the order of the KeyValues. |
/// | [Boolean](xref:System.Boolean) | `PredictedLabel` | Boolean | Whether the probability is above `Threshold`. |
/// | | `Score` | Single | The logit of true. |
/// | | `Probability` | Single | The probability of true. |
/// | Vector of known size of Boolean, or of Single 0 and 1 | `PredictedLabel` | Vector of Boolean | For each class, whether its probability is above `Threshold`. The SlotNames are those of the label. |
/// | | `Score` | Vector of Single | The logit of each class. |
/// | | `Probability` | Vector of Single | The probability of each class (sigmoid). |
/// | Single | `Score` | Single | The predicted number. |
///
/// `mlContext.MulticlassClassification.Evaluate`, `BinaryClassification.Evaluate` and `Regression.Evaluate` evaluate the first two kinds and the last one, and
/// `mlContext.HfTrainer.EvaluateMultiLabel` that of vectors.
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Multiclass, binary and multi-label classification, regression |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// A new classification head is added to the pretrained encoder, unless it has one for the same number of classes, and all weights are trained with cross-entropy (several
/// classes at once: binary cross-entropy; numbers: squared error) like the Hugging Face Trainer does, with the same [TrainingArguments](xref:Microsoft.ML.HfTrainer.TrainingArguments) and the same defaults. The seed is
/// `Arguments.Seed`, else that of MLContext, else 42. The device is `GpuDeviceId` of MLContext, else the CPU. No folder is written unless `Arguments.OutputDir` is set.
/// Evaluations report `accuracy`; for Boolean labels also `precision`, `recall` and `f1`; for several classes at once `micro_f1`, `macro_f1`, `weighted_f1`, `samples_f1`,
/// `subset_accuracy` and `hamming_loss`; for numbers `mse`, `pearson` and `spearmanr`.
///
/// Check the See Also section for links to usage examples.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.SequenceClassification(SequenceClassificationOptions)"/>
public sealed class SequenceClassificationEstimator : HfEstimator<SequenceClassificationTransformer>
{
    private readonly SequenceClassificationOptions _options;
    private readonly IReadOnlyCollection<LabelKind> _kinds;
    private readonly PredictionSettings _settings;

    internal SequenceClassificationEstimator(MlHost host, SequenceClassificationOptions options, params IReadOnlyCollection<LabelKind> kinds) : base(host, options)
    {
        foreach (var name in new[] { options.LabelColumnName, options.PredictedLabelColumnName, options.ScoreColumnName, options.ProbabilityColumnName })
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        if (options is { ComputeLossFunc: not null, ClassWeights: not null } or { ComputeLossFunc: not null, ExampleWeightColumnName: not null })
            throw new ArgumentException("ComputeLossFunc replaces the loss that ClassWeights and ExampleWeightColumnName weight; weight the examples in the loss function instead.");
        if (!(options.Threshold > 0 && options.Threshold < 1))
            throw new ArgumentOutOfRangeException(nameof(options), FormattableString.Invariant($"Threshold is {options.Threshold}; it is a probability, above 0 and below 1."));
        (_options, _kinds) = (options, kinds.Count > 0 ? kinds : [.. LabelKind.All]);
        _settings = new(options.PredictedLabelColumnName, options.ScoreColumnName, options.ProbabilityColumnName, options.Threshold);
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);
        var kind = KindOf(shape, out _);
        if (!kind.HasThreshold && _options.Threshold != PredictionSettings.DefaultThreshold)
            throw Host.SchemaError(
                FormattableString.Invariant($"The option Threshold is {_options.Threshold}, and the label column '{_options.LabelColumnName}' has no decisions that it could be the threshold of; leave it out."));
        ExampleWeightColumn.Check(Host, shape, _options.ExampleWeightColumnName);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) => KindOf(input, out var label).Shapes(_settings, label);

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var (label, weights) = (KindOf(SchemaShapes.Of(schema), out _).Of(Host, schema[_options.LabelColumnName]), _options.ExampleWeightColumnName);
        var classWeights = label.Weights(Host, _options.ClassWeights);
        return new(new SequenceClassificationTransformer.Task(_options.TokenColumnPrefix, _settings, label))
        {
            Labels = [label.Column(_options.LabelColumnName), .. weights is null ? Array.Empty<ValueColumn>() : [new ExampleWeightColumn(weights)]],
            // The label decides how many classes there are, not what the model was fine-tuned for before.
            Model = new() { NumLabels = label.Classes.Count, Labels = label.Classes.Names, ProblemType = label.Problem, IgnoreMismatchedSizes = true },
            Loss = classWeights is null && weights is null ? null : label.WeightedLoss(classWeights),
            Metrics = prediction => label.Metrics(prediction, _settings),
        };
    }

    private LabelKind KindOf(SchemaShape shape, out SchemaShape.Column column) => LabelKind.Find(Host, shape, _options.LabelColumnName, _kinds, out column);

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

    // The result of a row is its scores.
    internal sealed class Task(string tokenPrefix, PredictionSettings settings, TextLabel label) : HfTask<float[]>
    {
        public static ArchiveFormat Archive { get; } = new("HFSEQCLS", LoaderName, 3);

        public override ModelHead Head => ModelHead.SequenceClassification;

        public override TaskInputs Inputs { get; } = new(new TokenInput(tokenPrefix));

        public override ArchiveFormat Format => Archive;

        public override float[][] Predict(TrainedModel trained, Batch batch)
        {
            var scores = label.Scores(trained.Model.call(batch).Logits.to(ScalarType.Float32)).cpu().contiguous();
            return [.. scores.data<float>().ToArray().Chunk((int)scores.shape[^1])];
        }

        public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) => label.Outputs(settings, input);

        public override void Write(ArchiveWriter archive)
        {
            archive.Write(tokenPrefix);
            settings.Write(archive);
            LabelKind.Write(archive, label);
        }

        // Files of the first version have no prefix.
        public static Task Read(ArchiveReader archive) =>
            new(archive.Version == 1 ? "" : archive.ReadText() ?? "", PredictionSettings.Read(archive), LabelKind.Read(archive));
    }
}
