using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Loads models that make one vector of a text, of any registered architecture: <see cref="ModelOutput.SentenceEmbedding"/>, <c>[batch, size]</c>. Folders of
/// sentence-transformers say how; of other folders it is the mean over tokens, or the last token where the folder is of a causal language model, not
/// normalised, as in that library. They have no loss of their own: training takes one of the user's.
/// </summary>
public static class AutoModelForSentenceEmbedding
{
    /// <summary>
    /// Loads a model from the Hugging Face hub, or from a folder with <c>config.json</c> and <c>model.safetensors</c>, and where it has <c>modules.json</c>, its
    /// modules: pooling, dense layers and normalisation.
    /// </summary>
    /// <param name="model">The folder, or an id on the hub.</param>
    /// <param name="options">Pooling, normalisation and attention; null: as the folder says.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is no id.</exception>
    /// <exception cref="HubException">The hub does not give it.</exception>
    /// <exception cref="InvalidDataException">The configuration, the modules or the weights are wrong; the message names the file, the field or the weight.</exception>
    /// <exception cref="NotSupportedException">The architecture has no such head, or the folder a module that is not supported.</exception>
    public static PretrainedModel FromPretrained(string model, FromPretrainedOptions? options = null) => ModelLoading.SentencesFromPretrained(model, options);

    /// <summary>Makes a model with new weights.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="options">Pooling, normalisation and attention; null: the mean over tokens, not normalised.</param>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static PretrainedModel FromConfig(PretrainedConfig config, FromPretrainedOptions? options = null) => ModelLoading.FromConfig(config, options, ModelHead.SentenceEmbedding);
}
