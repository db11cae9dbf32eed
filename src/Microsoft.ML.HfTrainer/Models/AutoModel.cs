using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer;

/// <summary>Loads models without a head, of any registered architecture: they give hidden states.</summary>
public static class AutoModel
{
    /// <summary>Loads a model from the Hugging Face hub, or from a folder with <c>config.json</c> and <c>model.safetensors</c>; weights of a task head in the files are ignored.</summary>
    /// <param name="model">The folder, or an id on the hub.</param>
    /// <param name="options">Loading options, such as the attention implementation and the type of the weights. If null, the defaults apply.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is not a repository id.</exception>
    /// <exception cref="HubException">The model cannot be downloaded from the hub.</exception>
    /// <exception cref="InvalidDataException">The configuration or the weights are wrong; the message names the file, the field or the weight.</exception>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static PretrainedModel FromPretrained(string model, FromPretrainedOptions? options = null) => ModelLoading.FromPretrained(model, options, ModelHead.Base);

    /// <summary>Makes a model with new weights.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="options">Loading options, such as the attention implementation and the type of the weights. If null, the defaults apply.</param>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static PretrainedModel FromConfig(PretrainedConfig config, FromPretrainedOptions? options = null) => ModelLoading.FromConfig(config, options, ModelHead.Base);
}
