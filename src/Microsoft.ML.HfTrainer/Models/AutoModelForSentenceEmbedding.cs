using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Loads sentence embedding models of any registered architecture, which compute one vector for each text: <see cref="ModelOutput.SentenceEmbedding"/>, <c>[batch, size]</c>. Folders of
/// sentence-transformers specify how; for other folders it is the mean over tokens, or the last token of a causal language model, without normalization, as in that library. These models
/// have no loss of their own: training needs one of the caller's.
/// </summary>
public static class AutoModelForSentenceEmbedding
{
    /// <summary>
    /// Loads a model from the Hugging Face hub, or from a folder with <c>config.json</c> and <c>model.safetensors</c>, and where it has <c>modules.json</c>, its
    /// modules: pooling, dense layers and normalization.
    /// </summary>
    /// <param name="model">The folder, or an id on the hub.</param>
    /// <param name="options">Pooling, normalization and attention. If null, those of the folder.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist, and the name is not an id on the hub.</exception>
    /// <exception cref="HubException">The model cannot be downloaded from the hub.</exception>
    /// <exception cref="InvalidDataException">The configuration, the modules or the weights are wrong; the message names the file, the field or the weight.</exception>
    /// <exception cref="NotSupportedException">The architecture has no such head, or the folder a module that is not supported.</exception>
    public static PretrainedModel FromPretrained(string model, FromPretrainedOptions? options = null) => ModelLoading.SentencesFromPretrained(model, options);

    /// <summary>Creates a model with initial weights.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">Pooling, normalization and attention. If null, the mean over tokens without normalization.</param>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static PretrainedModel FromConfig(PretrainedConfig config, FromPretrainedOptions? options = null) => ModelLoading.FromConfig(config, options, ModelHead.SentenceEmbedding);
}
