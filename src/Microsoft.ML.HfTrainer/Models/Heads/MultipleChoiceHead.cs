using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>A score for each of several texts, of which one is right: inputs are <c>[batch, choices, length]</c>.</summary>
/// <param name="pooling">How a text becomes one vector.</param>
/// <param name="shape">What scores that vector.</param>
internal sealed class MultipleChoiceHead(TextPooling pooling, ClassifierShape shape) : TaskHead
{
    private Classifier _classifier = null!;

    public override bool UsesPooler => pooling.UsesPooler;

    public override Batch Texts(Batch batch) => batch.Texts();

    public override void Build(HeadedModel model) => _classifier = new Classifier(model, shape, outputs: 1);

    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        var scores = _classifier.Forward(pooling.Pool(body, hidden, layout, batch.Texts()));
        return TokenLosses.Output(scores.view(-1, batch.Get("input_ids").shape[1]), batch);
    }
}
