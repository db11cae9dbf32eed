using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Choices;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

[assembly: SavedTransformer<Microsoft.ML.HfTrainer.MultipleChoiceTransformer>(Microsoft.ML.HfTrainer.MultipleChoiceTransformer.LoaderName)]

namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="MultipleChoiceEstimator"/>.</summary>
public sealed class MultipleChoiceOptions : HfTrainerOptions
{
    /// <summary>
    /// Gets or sets the name of the label column: the index of the right choice, from 0 (Int32), or a key whose first value stands for the first choice, the second value for the second
    /// choice, and so on. Default: <c>Label</c>.
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Gets or sets the prefix of the token columns, <see cref="TokenizeHfOptions.OutputColumnPrefix"/> of their <c>TokenizeHf</c>. Default: empty.</summary>
    public string TokenColumnPrefix { get; set; } = "";

    /// <summary>Gets or sets the name of the column of the predicted choice. Default: <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Gets or sets the name of the column of the probabilities of the choices. Default: <c>Score</c>.</summary>
    public string ScoreColumnName { get; set; } = "Score";
}

/// <summary>The <see cref="IEstimator{TTransformer}"/> that fine-tunes a Hugging Face model to choose among several answers to a question, or continuations of a text.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.HfTrainer.MultipleChoice`, after `mlContext.Transforms.Text.TokenizeHf` with `TokenizeHfOptions.ForMultipleChoice`.
///
/// ### Input and Output Columns
/// The inputs are the token columns of `TokenizeHf` over a question and a vector of choices, and a label column: the index of the right choice from 0
/// ([Int32](xref:System.Int32)), or a [key](xref:Microsoft.ML.Data.KeyDataViewType). Keys have to be in the order of the choices, as with
/// `MapValueToKey` of A, B, C and so on with `keyOrdinality: ByValue`. All rows of the training data have the same number of choices; in prediction, the number may differ from row to row.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `PredictedLabel` | [Key](xref:Microsoft.ML.Data.KeyDataViewType) of UInt32, or [Int32](xref:System.Int32) | The most probable choice, in the form of the label: a key with its KeyValues, or an index from 0. |
/// | `Score` | Vector of [Single](xref:System.Single) | The probability of each choice (softmax). If the label is a key, the vector has a slot for each key; those of choices that a row does not have are 0. |
///
/// ### Trainer Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Machine learning task | Multiple choice |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data is read once |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer, and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows |
/// | Exportable to ONNX | No |
///
/// ### Training Algorithm Details
/// A new head, which gives a score to the question with each choice, is added to the pretrained encoder, and all weights are trained with cross-entropy over the choices like
/// the Hugging Face Trainer does. Evaluations report `accuracy`.
/// ]]></format>
/// </remarks>
/// <seealso cref="HfTrainerCatalog.MultipleChoice(MultipleChoiceOptions)"/>
public sealed class MultipleChoiceEstimator : HfEstimator<MultipleChoiceTransformer>
{
    private readonly MultipleChoiceOptions _options;

    internal MultipleChoiceEstimator(MlHost host, MultipleChoiceOptions options) : base(host, options)
    {
        foreach (var name in new[] { options.LabelColumnName, options.PredictedLabelColumnName, options.ScoreColumnName })
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options.TokenColumnPrefix);
        _options = options;
    }

    private protected override void CheckInput(SchemaShape shape)
    {
        TokenColumns.Check(Host, shape, _options.TokenColumnPrefix);
        OutputShapes(shape);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShapes(SchemaShape input) =>
        ChoiceLabel.Check(Host, input, _options.LabelColumnName, _options.PredictedLabelColumnName, _options.ScoreColumnName);

    private protected override TrainingSetup Setup(DataViewSchema schema)
    {
        var label = ChoiceLabel.Of(Host, schema[_options.LabelColumnName]);
        return new(new MultipleChoiceTransformer.Task(_options.TokenColumnPrefix, _options.PredictedLabelColumnName, _options.ScoreColumnName, label))
        {
            Labels = [label.Column(_options.LabelColumnName)],
            // A classifier of something else gives way to a new head.
            Model = new() { IgnoreMismatchedSizes = true },
            Metrics = EvalMetrics.Accuracy,
            Collator = (_, tokenizer) => new DataCollatorForMultipleChoice(tokenizer),
            Pack = rows => ChoiceRows.Examples(rows, label.MaxChoices, _options.LabelColumnName),
        };
    }

    private protected override MultipleChoiceTransformer Create(HfTask task, TrainedModel trained) =>
        new(Host.ForComponent(nameof(MultipleChoiceTransformer)), task, trained);
}

/// <summary>The <see cref="ITransformer"/> of <see cref="MultipleChoiceEstimator"/>.</summary>
public sealed class MultipleChoiceTransformer : HfTransformer, ISavedTransformer<MultipleChoiceTransformer>
{
    internal const string LoaderName = "HfMultipleChoice";

    internal MultipleChoiceTransformer(MlHost host, HfTask task, TrainedModel trained) : base(host, task, trained)
    {
    }

    static ArchiveFormat ISavedTransformer<MultipleChoiceTransformer>.Format => Task.Archive;

    static MultipleChoiceTransformer ISavedTransformer<MultipleChoiceTransformer>.Read(MlHost host, ArchiveReader archive)
    {
        var trained = TrainedModel.Read(host, archive, ModelHead.MultipleChoice);
        return new(host, Task.Read(archive), trained);
    }

    // The result of a part is the score of its choice; that of a row, the probability of each.
    internal sealed class Task(string tokenPrefix, string predictedLabel, string score, ChoiceLabel label) : HfTask<float[]>
    {
        public static ArchiveFormat Archive { get; } = new("HFCHOICE", LoaderName, 1);

        public override ModelHead Head => ModelHead.MultipleChoice;

        public override TaskInputs Inputs { get; } = new(new TokenInput(tokenPrefix) { Requested = [TokenColumn.SequenceLengths] });

        public override ArchiveFormat Format => Archive;

        // The score of a choice does not depend on the others: each is an example of its own, and rows may differ in their number.
        public override IReadOnlyList<TaskPart> Split(TaskRow row) => [.. ChoiceRows.Sequences(row, label.MaxChoices).Select(choice => new TaskPart(choice.ToExample()))];

        public override float[][] Predict(TrainedModel trained, Batch batch)
        {
            using var choices = new Batch { Size = batch.Size, Lengths = batch.Lengths, HasPadding = batch.HasPadding, Source = batch.Source };
            foreach (var (name, tensor) in batch)
                choices[name] = tensor.unsqueeze(1);
            return trained.Model.call(choices).Logits.to(ScalarType.Float32).cpu().data<float>().ToArray().Chunk(1).ToArray();
        }

        public override float[] Join(TaskRow row, IReadOnlyList<(TaskPart Part, float[] Result)> parts)
        {
            var highest = parts.Max(part => part.Result[0]);
            var exponentials = parts.Select(part => Math.Exp(part.Result[0] - highest)).ToArray();
            var sum = exponentials.Sum();
            return Array.ConvertAll(exponentials, exponential => (float)(exponential / sum));
        }

        public override IReadOnlyList<OutputColumn<float[]>> Outputs(DataViewSchema input) => label.Outputs(predictedLabel, score, input);

        public override void Write(ArchiveWriter archive)
        {
            archive.Write(tokenPrefix);
            archive.Write(predictedLabel);
            archive.Write(score);
            label.Write(archive);
        }

        public static Task Read(ArchiveReader archive) => new(archive.ReadText() ?? "", archive.ReadName(), archive.ReadName(), ChoiceLabel.Read(archive));
    }
}
