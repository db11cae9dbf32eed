using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer;

/// <summary>Loads extractive question-answering models of any registered architecture.</summary>
public static class AutoModelForQuestionAnswering
{
    /// <summary>Loads a model from the Hugging Face hub, or from a folder with <c>config.json</c> and <c>model.safetensors</c>; a head that the file lacks is initialized.</summary>
    /// <remarks>A new head is drawn from the global random generator: seed it first (<c>torch.manual_seed</c>) to get the same head again.</remarks>
    /// <param name="model">The folder, or an id on the hub.</param>
    /// <param name="options">Loading options, such as those for attention. What they leave out comes from the configuration.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist, and the name is not an id on the hub.</exception>
    /// <exception cref="HubException">The model cannot be downloaded from the hub.</exception>
    /// <exception cref="InvalidDataException">The configuration or the weights are wrong; the message names the file, the field or the weight.</exception>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static PretrainedModel FromPretrained(string model, FromPretrainedOptions? options = null) => ModelLoading.FromPretrained(model, options, ModelHead.QuestionAnswering);

    /// <summary>Creates a model with initial weights.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">Loading options, such as those for attention. What they leave out comes from the configuration.</param>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static PretrainedModel FromConfig(PretrainedConfig config, FromPretrainedOptions? options = null) => ModelLoading.FromConfig(config, options, ModelHead.QuestionAnswering);
}
