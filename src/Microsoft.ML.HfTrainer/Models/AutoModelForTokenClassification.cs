using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer;

/// <summary>Loads models that classify each token of a text, of any registered architecture.</summary>
public static class AutoModelForTokenClassification
{
    /// <summary>Loads a model from the Hugging Face hub, or from a folder with <c>config.json</c> and <c>model.safetensors</c>; a head that the file lacks is new.</summary>
    /// <remarks>A new head draws its weights from the global generator: seed it first (<c>torch.manual_seed</c>) to have the same head again.</remarks>
    /// <param name="model">The folder, or an id on the hub.</param>
    /// <param name="options">Classes and attention; null: as the configuration says.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is no id.</exception>
    /// <exception cref="HubException">The hub does not give it.</exception>
    /// <exception cref="InvalidDataException">The configuration or the weights are wrong; the message names the file, the field or the weight.</exception>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static PretrainedModel FromPretrained(string model, FromPretrainedOptions? options = null) => ModelLoading.FromPretrained(model, options, ModelHead.TokenClassification);

    /// <summary>Makes a model with new weights.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="options">Classes and attention; null: as the configuration says.</param>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static PretrainedModel FromConfig(PretrainedConfig config, FromPretrainedOptions? options = null) => ModelLoading.FromConfig(config, options, ModelHead.TokenClassification);
}
