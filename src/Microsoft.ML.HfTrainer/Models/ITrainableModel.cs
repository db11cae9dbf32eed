using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Describes a model to the <see cref="Trainer"/>: its inputs, labels and loss, and the training features that it supports. <see cref="PretrainedModel"/>
/// implements it; a module of your own implements the members that differ from their defaults.
/// </summary>
public interface ITrainableModel
{
    /// <summary>
    /// Gets the names of the tensors that the model reads from a batch, labels included, so that other features are left out of the batches
    /// (<c>remove_unused_columns</c>). If null, all features are kept. Default: null.
    /// </summary>
    IReadOnlyCollection<string>? InputNames => null;

    /// <summary>Gets the names of the tensors that the loss is computed from; a batch that lacks one of them has no loss. Default: <c>labels</c>.</summary>
    IReadOnlyList<string> LabelNames => [Batch.Labels];

    /// <summary>
    /// Indicates whether the logits at a position predict the label of the next position, as in causal language modeling, so that the first label of each
    /// sequence is not part of the loss. Default: false.
    /// </summary>
    bool ShiftsLabels => false;

    /// <summary>Gets the kind of classification, if the model classifies. Label smoothing does not apply to multi-label classification. Default: null.</summary>
    ProblemType? ProblemType => null;

    /// <summary>
    /// Indicates whether the model's forward method accepts the label count of the update (<c>accepts_loss_kwargs</c> in Hugging Face Transformers). With
    /// <see cref="LossNormalization.Original"/> the losses of such a model are not divided by the number of micro-batches. Default: false.
    /// </summary>
    bool AcceptsLabelCount => false;

    /// <summary>Gets the name of the model's class in Hugging Face Transformers, such as <c>BertForMaskedLM</c>. Default: the name of the type.</summary>
    string ClassName => GetType().Name;

    /// <summary>Gets the configuration of the model; null if it has none. Default: null.</summary>
    PretrainedConfig? Config => null;

    /// <summary>Returns the configuration as it is reported and saved with the weights; null if there is none. By default, <see cref="Config"/>.</summary>
    PretrainedConfig? SavedConfig() => Config;

    /// <summary>Selects the stream that dropout draws its random numbers from. By default, nothing happens.</summary>
    void UseRandomStream(RandomStream stream)
    {
    }

    /// <summary>Turns activation checkpointing on or off: checkpointed layers keep only their inputs and are computed again in the backward pass.</summary>
    /// <param name="everyNLayers">1 to checkpoint every layer, 2 every second one, and so on; 0 to turn checkpointing off.</param>
    /// <exception cref="NotSupportedException">The model has no layers that can be checkpointed. This is what the default implementation throws.</exception>
    void UseActivationCheckpointing(int everyNLayers)
    {
        if (everyNLayers > 0)
            throw new NotSupportedException($"TrainingArguments.GradientCheckpointing is set, but the model, a {GetType().Name}, does not implement {nameof(ITrainableModel)}.{nameof(UseActivationCheckpointing)}. Leave the setting out.");
    }

    /// <summary>Called after each backward pass of training. By default, nothing happens.</summary>
    void CompleteBackward()
    {
    }

    /// <summary>Adds noise to the input embeddings during training (NEFTune, arXiv:2310.05914).</summary>
    /// <param name="alpha">The strength of the noise; null to turn it off.</param>
    /// <exception cref="NotSupportedException">The model has no input embeddings. This is what the default implementation throws.</exception>
    void UseEmbeddingNoise(double? alpha)
    {
        if (alpha is not null)
            throw new NotSupportedException($"TrainingArguments.NeftuneNoiseAlpha is set, but the model, a {GetType().Name}, does not implement {nameof(ITrainableModel)}.{nameof(UseEmbeddingNoise)}. Leave the setting out.");
    }

    /// <summary>The description of a module: its own, or the defaults.</summary>
    internal static ITrainableModel Of(nn.Module<Batch, ModelOutput> model) => model as ITrainableModel ?? new Undescribed(model.GetType().Name);

    /// <summary>A module that does not describe itself.</summary>
    private sealed class Undescribed(string name) : ITrainableModel
    {
        public string ClassName => name;
    }
}
