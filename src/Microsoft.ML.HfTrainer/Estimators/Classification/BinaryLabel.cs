using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Estimators.Classification;

/// <summary>
/// True or false, predicted as ML.NET's binary classifiers do. The model has two classes, as Hugging Face models for two classes have, and the score is the difference of their
/// logits, so that its logistic function is the probability of the class true.
/// </summary>
internal sealed class BinaryLabel() : TextLabel(Definition, KeyLabel.OfTexts([bool.FalseString, bool.TrueString]))
{
    public static LabelKind Definition { get; } = new(
        _ => "a Boolean for true or false", HasThreshold: true, column => LabelKind.IsScalar(column, BooleanDataViewType.Instance),
        (settings, _) => LabelKind.ShapesOf(new BinaryLabel(), settings), (_, _) => new BinaryLabel());

    public override ProblemType Problem => ProblemType.SingleLabelClassification;

    public override ValueColumn Column(string name) => new DecisionColumn(name);

    public override LossFunction WeightedLoss(IReadOnlyList<float>? classWeights) => Training.Losses.WeightedLoss.CrossEntropy(classWeights);

    public override IReadOnlyDictionary<string, double> Metrics(EvalPrediction prediction, PredictionSettings settings)
    {
        using var scope = NewDisposeScope();
        return new MetricSet { "accuracy", "precision_recall_f1" }.Of(prediction with
        {
            Predictions = Scores(prediction.Predictions).squeeze(-1).greater(settings.LeastScore).to(ScalarType.Int64),
        });
    }

    public override Tensor Scores(Tensor logits) => logits.narrow(-1, 1, 1) - logits.narrow(-1, 0, 1);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(PredictionSettings settings, DataViewSchema input)
    {
        const string Binary = ScoreAnnotations.BinaryClassification;
        var least = settings.LeastScore;
        return
        [
            OutputColumn<float[]>.Scalar(
                ScoreAnnotations.Column(settings.PredictedLabel, BooleanDataViewType.Instance, input, Binary, ScoreAnnotations.PredictedLabelValue), scores => scores[0] > least),
            OutputColumn<float[]>.Scalar(ScoreAnnotations.Column(settings.Score, NumberDataViewType.Single, input, Binary), scores => scores[0]),
            OutputColumn<float[]>.Scalar(
                ScoreAnnotations.Column(settings.Probability, NumberDataViewType.Single, input, Binary, ScoreAnnotations.ProbabilityValue), scores => ProbabilityOf(scores[0])),
        ];
    }
}
