using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Classification;

/// <summary>Any number of classes at once: a vector with a decision for each class. The scores are logits.</summary>
internal sealed class MultiLabel(KeyLabel classes) : TextLabel(Definition, classes)
{
    public static LabelKind Definition { get; } = new(
        _ => "a vector of known size of Boolean, or of Single 0 and 1, for several classes at once", HasThreshold: true,
        column => column is { Kind: SchemaShape.Column.VectorKind.Vector, IsKey: false } && (column.ItemType is BooleanDataViewType || column.ItemType.Equals(NumberDataViewType.Single)),
        (settings, column) => LabelKind.ShapesOf(new MultiLabel(column.HasNamedSlots() ? KeyLabel.OfTexts([""]) : new KeyLabel(1, null)), settings),
        (_, column) => new MultiLabel(column.SlotTexts() is { } names ? KeyLabel.OfTexts(names) : new KeyLabel(((VectorDataViewType)column.Type).Size, null)));

    public override ProblemType Problem => ProblemType.MultiLabelClassification;

    public override ValueColumn Column(string name) => new DecisionsColumn(name, Classes.Count);

    public override LossFunction WeightedLoss(IReadOnlyList<float>? classWeights) => Training.Losses.WeightedLoss.BinaryCrossEntropy(classWeights);

    public override IReadOnlyDictionary<string, double> Metrics(EvalPrediction prediction, PredictionSettings settings) =>
        new MultiLabelMetric { Threshold = settings.LeastScore }.Of(prediction);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs(PredictionSettings settings, DataViewSchema input)
    {
        var least = settings.LeastScore;
        OutputColumn<float[]> Output<T>(string name, PrimitiveDataViewType type, string value, Func<float, T> result) => OutputColumn<float[]>.Vector(
            ScoreAnnotations.Column(name, new VectorDataViewType(type, Classes.Count), input, ScoreAnnotations.MultiLabelClassification, value,
                Classes.Values is { } names ? names.AddTo : null),
            scores => Array.ConvertAll(scores, score => result(score)));
        return
        [
            Output(settings.PredictedLabel, BooleanDataViewType.Instance, ScoreAnnotations.PredictedLabelValue, score => score > least),
            Output(settings.Score, NumberDataViewType.Single, ScoreAnnotations.ScoreValue, score => score),
            Output(settings.Probability, NumberDataViewType.Single, ScoreAnnotations.ProbabilityValue, ProbabilityOf),
        ];
    }
}
