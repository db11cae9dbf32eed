using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of classes, or predicted numbers, for each text, <c>[batch, labels]</c>.</summary>
/// <param name="pooling">The pooling of a text.</param>
/// <param name="shape">The classifier of pooled texts.</param>
public sealed class SequenceClassificationHead(TextPooling pooling, ClassifierShape shape) : TaskHead
{
    private Classifier _classifier = null!;
    private PretrainedConfig _config = null!;

    /// <summary>Creates the head of decoders: a linear layer over the last token, which has seen the whole text.</summary>
    /// <param name="config">The configuration.</param>
    public static SequenceClassificationHead OfLastToken(PretrainedConfig config) => new(TextPooling.LastToken(config), new ClassifierShape { Output = "score", Bias = false });

    /// <summary>Creates the head of encoder-decoders: a classifier over the decoder's last end-of-sequence token, which has seen the whole text.</summary>
    /// <param name="config">The configuration.</param>
    public static SequenceClassificationHead OfLastEndOfSequence(PretrainedConfig config) => new(TextPooling.LastEndOfSequence(config), new ClassifierShape
    {
        Dense = "classification_head.dense",
        Activation = Activation.Tanh,
        Output = "classification_head.out_proj",
        InputDropout = config.GetProbability("classifier_dropout", 0),
        Dropout = config.GetProbability("classifier_dropout", 0),
    });

    /// <inheritdoc/>
    public override bool UsesPooler => pooling.UsesPooler;

    internal override bool IsPerText => true;

    /// <inheritdoc/>
    public override void Build(HeadedModel model)
    {
        _config = model.Config;
        _classifier = new Classifier(model, shape, _config.Labels.Count);
    }

    /// <inheritdoc/>
    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch) =>
        SequenceClassificationLoss.Output(_config, _classifier.Forward(pooling.Pool(body, hidden, layout, batch)), batch);
}
