using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

public abstract partial class PretrainedModel
{
    /// <summary>The bytes that a file of weights holds at most where nothing is said: 50 GB, as in the original.</summary>
    public const long DefaultMaxShardSize = 50_000_000_000;

    private const string GenerationConfigName = "generation_config.json";

    /// <summary>The file <c>generation_config.json</c> of the folder that the model came from; null: it had none.</summary>
    internal byte[]? GenerationConfig { get; set; }

    /// <summary>The weights as they are saved: tied ones once, and the buffers that belong to a checkpoint.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> SavedWeights()
    {
        var unsaved = UnsavedNames();
        return PlacedWeight.AllOf(this).Where(w => !unsaved.Contains(w.Name)).OrderBy(w => w.Weight.IsBuffer)
            .Select(w => (Architecture.FileNames.GetValueOrDefault(w.Name, w.Name), w.Weight.Save()));
    }

    /// <summary>
    /// Writes a folder that any Hugging Face library reads, and makes it if need be: <c>config.json</c>, with fields that are not known here as they were;
    /// <c>generation_config.json</c> if the model came with one; and <c>model.safetensors</c>, or shards and their index. Files of an earlier save of weights
    /// in that folder are removed. What embeds sentences writes <c>modules.json</c> and the modules' folders too, which sentence-transformers loads.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxShardSize">How many bytes of weights a file may hold; a model that is larger is split (<c>max_shard_size</c>).</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void SavePretrained(string folder, long maxShardSize = DefaultMaxShardSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardSize, 1);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, PretrainedConfig.FileName), SavedConfig().ToJson());
        if (GenerationConfig is { } generation)
            File.WriteAllBytes(Path.Combine(folder, GenerationConfigName), generation);
        SafetensorsShards.Write(folder, SavedWeights().Select(w => WeightWriting.Describe(w.Name, w.Tensor)), WeightWriting.Metadata, maxShardSize);
        SaveFiles(folder);
    }

    /// <summary>Keeps what is saved with the model and not understood here.</summary>
    internal void KeepFiles(string folder)
    {
        var path = Path.Combine(folder, GenerationConfigName);
        GenerationConfig = File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>The configuration as it is saved: with the class name that the original reads the model by, and the type of its weights.</summary>
    internal PretrainedConfig SavedConfig()
    {
        var config = Config.Clone();
        config.Set("architectures", new JsonArray(ClassName));
        config.Set("dtype", ModelDTypes.NameOf(parameters().First(p => p.is_floating_point()).dtype));
        config.Remove("torch_dtype");
        return config;
    }
}
