using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Estimators.Classification;

/// <summary>The label of texts: what a model learns of it, and what its outputs become.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="classes">The outputs of the model, with their names if they have any.</param>
internal abstract class TextLabel(LabelKind kind, KeyLabel classes)
{
    public LabelKind Kind => kind;

    /// <summary>Gets the outputs of the model.</summary>
    public KeyLabel Classes => classes;

    /// <summary>Gets what the head of the model predicts.</summary>
    public abstract ProblemType Problem { get; }

    /// <summary>Creates the column that the label is read from.</summary>
    public abstract ValueColumn Column(string name);

    /// <summary>Returns the weight of each class by name; null without weights.</summary>
    /// <exception cref="ArgumentException">A weight has the name of no class, or there are no classes.</exception>
    public virtual float[]? Weights(MlHost host, IReadOnlyDictionary<string, float>? weights) => weights is null ? null : classes.Weights(host, weights);

    /// <summary>Returns the loss in which classes, or examples, count differently.</summary>
    /// <param name="classWeights">The weight of each class; null for 1.</param>
    public abstract LossFunction WeightedLoss(IReadOnlyList<float>? classWeights);

    /// <summary>Computes the metrics of an evaluation.</summary>
    public abstract IReadOnlyDictionary<string, double> Metrics(EvalPrediction prediction, PredictionSettings settings);

    /// <summary>Returns the scores of texts, <c>[batch, scores]</c>, from the logits of the model.</summary>
    public virtual Tensor Scores(Tensor logits) => logits;

    /// <summary>Returns the columns of predictions, which come from the scores of a text.</summary>
    /// <param name="settings">Their names, and the threshold.</param>
    /// <param name="input">The schema of the data that they are added to.</param>
    public abstract IReadOnlyList<OutputColumn<float[]>> Outputs(PredictionSettings settings, DataViewSchema input);

    /// <summary>Returns the probability of a score, by the logistic function.</summary>
    protected static float ProbabilityOf(float score) => 1 / (1 + MathF.Exp(-score));
}
