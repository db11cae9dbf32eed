using Microsoft.ML.HfTrainer.Models;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Loads tokenizers by the name of a model. The method is called as <c>HfTokenizer.FromPretrained</c>; languages without static extension methods call
/// <c>AutoTokenizer.FromPretrained</c>.
/// </summary>
public static class AutoTokenizer
{
    extension(HfTokenizer)
    {
        /// <summary>Loads a tokenizer from the Hugging Face hub, or from a folder with the same layout.</summary>
        /// <param name="model">
        /// A folder with <c>tokenizer.json</c> or, without it, vocabulary files (<c>vocab.txt</c>, <c>vocab.json</c> with <c>merges.txt</c>, SentencePiece
        /// models), and optionally <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>; or the id of a repository on the hub that has these files.
        /// </param>
        /// <param name="options">How to download from the hub. If null, the settings of the environment are used.</param>
        /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is not a repository id.</exception>
        /// <exception cref="HubException">The hub cannot be reached or does not provide the files.</exception>
        /// <exception cref="FileNotFoundException">The folder contains no tokenizer.</exception>
        /// <exception cref="InvalidDataException">A file is damaged or contradicts itself or another.</exception>
        /// <exception cref="NotSupportedException">The tokenizer has parts that this version does not support; the message names them.</exception>
        public static HfTokenizer FromPretrained(string model, HubOptions? options = null)
        {
            var folder = ModelFolder.Resolve(model, options, ModelManifest.Tokenizer);
            return HfTokenizer.FromFolder(folder, ModelFolder.NameOf(folder));
        }
    }
}
