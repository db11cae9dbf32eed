using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Classification;

/// <summary>A number, which the score predicts.</summary>
internal sealed class NumberLabel() : TextLabel(Definition, new KeyLabel(1, null))
{
    public static LabelKind Definition { get; } = new(
        _ => "a Single for a number (regression)", HasThreshold: false, column => LabelKind.IsScalar(column, NumberDataViewType.Single),
        (settings, _) => LabelKind.ShapesOf(new NumberLabel(), settings), (_, _) => new NumberLabel());

    public override ProblemType Problem => ProblemType.Regression;

    public override ValueColumn Column(string name) => new NumberColumn(name);

    public override float[]? Weights(MlHost host, IReadOnlyDictionary<string, float>? weights) => weights is null ? null : throw host.Mark(new ArgumentException(
        "The option ClassWeights is set, and the label is a number, which has no classes; weight the examples with ExampleWeightColumnName."));

    public override LossFunction WeightedLoss(IReadOnlyList<float>? classWeights) => Training.Losses.WeightedLoss.SquaredError();

    public override IReadOnlyDictionary<string, double> Metrics(EvalPrediction prediction, PredictionSettings settings) =>
        new MetricSet { "mse", "pearson", "spearmanr" }.Of(prediction);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(PredictionSettings settings, DataViewSchema input) =>
        [OutputColumn<float[]>.Scalar(ScoreAnnotations.Column(settings.Score, NumberDataViewType.Single, input, ScoreAnnotations.Regression), scores => scores[0])];
}
