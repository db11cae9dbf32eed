using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Models.Sentences;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>How a kind of model folder is found and read.</summary>
/// <param name="Manifest">Fetches the files that are needed from the hub.</param>
/// <param name="FolderBeside">Returns the folder of the model whose tokenizer is in a folder.</param>
/// <param name="ReadConfig">Reads the configuration of the model in a folder.</param>
/// <param name="Load">Loads the model in a folder.</param>
internal sealed record ModelFormat(
    Func<HubRepository, Task> Manifest, Func<string, string> FolderBeside, Func<string, PretrainedConfig> ReadConfig, Func<string, FromPretrainedOptions, ModelHead, PretrainedModel> Load)
{
    /// <summary>Folders of Hugging Face Transformers.</summary>
    public static ModelFormat Transformers { get; } = new(ModelManifest.Model, folder => folder, folder => PretrainedConfig.FromPretrained(folder), ModelLoading.FromPretrained);

    /// <summary>Folders of sentence-transformers, or of Hugging Face Transformers. In older ones of the former, the model and its tokenizer are in a folder of their own.</summary>
    public static ModelFormat SentenceTransformers { get; } = new(
        ModelManifest.SentenceModel, SentenceModules.RootOf, folder => PretrainedConfig.FromPretrained(SentenceModules.ModelFolderOf(folder)),
        (folder, options, _) => ModelLoading.SentencesFromPretrained(folder, options));
}
