using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Estimators.Classification;

/// <summary>One class of several, a key. The scores are the probabilities of the classes.</summary>
internal sealed class ClassLabel(KeyLabel classes) : TextLabel(Definition, classes)
{
    public static LabelKind Definition { get; } = new(
        name => $"a key (Key<UInt32>) for one class of several: put mlContext.Transforms.Conversion.MapValueToKey(\"{name}\") before the trainer", HasThreshold: false,
        KeyLabel.IsKey,
        (settings, label) => [KeyLabel.PredictedShape(settings.PredictedLabel, label), KeyLabel.ScoreShape(settings.Score, label)],
        (host, column) => new ClassLabel(KeyLabel.Of(host, column)));

    public override ProblemType Problem => ProblemType.SingleLabelClassification;

    public override ValueColumn Column(string name) => new KeyLabelColumn(name, Classes);

    public override LossFunction WeightedLoss(IReadOnlyList<float>? classWeights) => Training.Losses.WeightedLoss.CrossEntropy(classWeights);

    public override IReadOnlyDictionary<string, double> Metrics(EvalPrediction prediction, PredictionSettings settings) => EvalMetrics.Accuracy(prediction);

    public override Tensor Scores(Tensor logits) => nn.functional.softmax(logits, -1);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(PredictionSettings settings, DataViewSchema input) =>
    [
        OutputColumn<float[]>.Scalar(Classes.PredictedColumn(settings.PredictedLabel), BestScore.KeyOf),
        OutputColumn<float[]>.Vector(Classes.ScoreColumn(settings.Score, input), scores => scores),
    ];
}
