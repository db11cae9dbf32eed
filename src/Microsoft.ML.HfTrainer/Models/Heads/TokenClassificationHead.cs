using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of classes for each token, <c>[batch, length, labels]</c>.</summary>
/// <param name="shape">The classifier of hidden states.</param>
public sealed class TokenClassificationHead(ClassifierShape shape) : TaskHead
{
    private Classifier _classifier = null!;

    /// <inheritdoc/>
    public override void Build(HeadedModel model) => _classifier = new Classifier(model, shape, model.Config.Labels.Count);

    /// <inheritdoc/>
    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch) =>
        TokenLosses.Output(layout.ToPadded(_classifier.Forward(hidden)), batch);
}
