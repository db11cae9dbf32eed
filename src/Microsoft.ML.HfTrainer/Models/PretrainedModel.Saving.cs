using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

public abstract partial class PretrainedModel
{
    /// <summary>The default maximum size of a weights file in bytes: 50 GB, as in Hugging Face Transformers.</summary>
    public const long DefaultMaxShardSize = 50_000_000_000;

    internal const string GenerationConfigName = "generation_config.json";

    /// <summary>The generation settings of the model, once they are read or changed; null until then.</summary>
    internal JsonFields? GenerationFields { get; set; }

    /// <summary>The path and the content of <c>generation_config.json</c> in the folder that the model was loaded from; null if it had none.</summary>
    internal (string Path, byte[] Json)? GenerationFile { get; private set; }

    /// <summary>Returns the weights as they are saved: tied ones once, then persistent buffers.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> SavedWeights()
    {
        var unsaved = UnsavedNames();
        return PlacedWeight.AllOf(this).Where(w => !unsaved.Contains(w.Name)).OrderBy(w => w.Weight.IsBuffer)
            .Select(w => (Architecture.FileNames.GetValueOrDefault(w.Name, w.Name), w.Weight.Save()));
    }

    /// <summary>
    /// Writes a folder that Hugging Face libraries load: <c>config.json</c>, in which unknown fields are kept; <c>generation_config.json</c> if the model has generation settings; and
    /// <c>model.safetensors</c>, or shards and their index. Weights of an earlier save in that folder are removed. A sentence embedding model also writes <c>modules.json</c> and the
    /// folders of its modules, which sentence-transformers loads.
    /// </summary>
    /// <param name="folder">The folder, which is created if it does not exist.</param>
    /// <param name="maxShardSize">The maximum size of a weights file in bytes; larger models are split (<c>max_shard_size</c>). Default: 50 GB.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void SavePretrained(string folder, long maxShardSize = DefaultMaxShardSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardSize, 1);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, PretrainedConfig.FileName), SavedConfig().ToJson());
        if ((GenerationFields?.ToJson() ?? GenerationFile?.Json) is { } generation)
            File.WriteAllBytes(Path.Combine(folder, GenerationConfigName), generation);
        SafetensorsShards.Write(folder, SavedWeights().Select(w => WeightWriting.Describe(w.Name, w.Tensor)), WeightWriting.Metadata, maxShardSize);
        SaveFiles(folder);
    }

    /// <summary>Keeps files of the folder that are saved with the model.</summary>
    internal void KeepFiles(string folder)
    {
        var path = Path.Combine(folder, GenerationConfigName);
        GenerationFile = File.Exists(path) ? (path, File.ReadAllBytes(path)) : null;
    }

    /// <summary>Returns the configuration as it is saved, with the name of the Hugging Face class and the type of the weights.</summary>
    internal PretrainedConfig SavedConfig()
    {
        var config = Config.Clone();
        config.Set("architectures", new JsonArray(ClassName));
        config.Set("dtype", ModelDTypes.NameOf(parameters().First(p => p.is_floating_point()).dtype));
        config.Remove("torch_dtype");
        return config;
    }
}
