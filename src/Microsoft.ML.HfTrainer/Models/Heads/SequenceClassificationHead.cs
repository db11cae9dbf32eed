using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of classes, or numbers, for a whole text.</summary>
/// <param name="pooling">How a text becomes one vector.</param>
/// <param name="shape">What scores that vector.</param>
internal sealed class SequenceClassificationHead(TextPooling pooling, ClassifierShape shape) : TaskHead
{
    private Classifier _classifier = null!;
    private PretrainedConfig _config = null!;

    /// <summary>The head of decoders: their last token has seen the whole text.</summary>
    public static SequenceClassificationHead OfLastToken(PretrainedConfig config) => new(TextPooling.LastToken(config), new ClassifierShape { Output = "score", Bias = false });

    /// <summary>The head of encoder-decoders: the decoder reads the text too, and where it sees its last end it has seen all.</summary>
    public static SequenceClassificationHead OfLastEnd(PretrainedConfig config) => new(TextPooling.LastEndOfSequence(config), new ClassifierShape
    {
        Dense = "classification_head.dense",
        Activation = Activation.Tanh,
        Output = "classification_head.out_proj",
        InputDropout = config.GetProbability("classifier_dropout", 0),
        Dropout = config.GetProbability("classifier_dropout", 0),
    });

    public override bool UsesPooler => pooling.UsesPooler;

    public override void Build(HeadedModel model)
    {
        _config = model.Config;
        _classifier = new Classifier(model, shape, _config.Labels.Count);
    }

    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch) =>
        SequenceClassificationLoss.Output(_config, _classifier.Forward(pooling.Pool(body, hidden, layout, batch)), batch);
}
