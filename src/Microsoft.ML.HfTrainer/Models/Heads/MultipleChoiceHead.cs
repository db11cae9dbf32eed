using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>A score for each of several texts, one of which is right: inputs are <c>[batch, choices, length]</c>, scores <c>[batch, choices]</c>.</summary>
/// <param name="pooling">The pooling of a text.</param>
/// <param name="shape">The classifier of pooled texts.</param>
public sealed class MultipleChoiceHead(TextPooling pooling, ClassifierShape shape) : TaskHead
{
    private Classifier _classifier = null!;

    /// <inheritdoc/>
    public override bool UsesPooler => pooling.UsesPooler;

    /// <inheritdoc/>
    public override Batch Texts(Batch batch) => batch.Texts();

    internal override bool IsPerText => true;

    /// <inheritdoc/>
    public override void Build(HeadedModel model) => _classifier = new Classifier(model, shape, outputs: 1);

    /// <inheritdoc/>
    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        var scores = _classifier.Forward(pooling.Pool(body, hidden, layout, batch.Texts()));
        return TokenLosses.Output(scores.view(-1, batch.Get("input_ids").shape[1]), batch);
    }
}
