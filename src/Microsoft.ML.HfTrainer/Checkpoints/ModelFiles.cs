using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Saves and loads a model in the files of Hugging Face Transformers.</summary>
internal static class ModelFiles
{
    /// <summary>Saves the model, its configuration and the tokenizer in a folder.</summary>
    public static void Save(nn.Module model, HfTokenizer? tokenizer, string folder)
    {
        Directory.CreateDirectory(folder);
        if (model is PretrainedModel pretrained)
            pretrained.SavePretrained(folder);
        else
            SaveOwn(model, Path.Combine(folder, WeightFiles.SingleName));
        tokenizer?.SavePretrained(folder);
    }

    /// <summary>Loads the weights of a folder into a model. Weights that the folder lacks are left unchanged.</summary>
    public static LoadReport Load(nn.Module model, string folder)
    {
        using var files = WeightFiles.Open(folder);
        var report = WeightLoading.Fill(model, files);
        if (model is not PretrainedModel pretrained)
            return report;
        var optional = pretrained.OptionalNames();
        return (report with { Missing = [.. report.Missing.Where(name => !optional.Contains(name))] }).And(pretrained.LoadFiles(folder));
    }

    // A weight of several names is written under the first in alphabetical order, and the metadata give the others, as safetensors' save_model does.
    private static void SaveOwn(nn.Module model, string path)
    {
        var written = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(WeightWriting.Metadata);
        foreach (var (name, tensor) in model.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal))
            if (written.FirstOrDefault(other => SharedMemory.IsSame(other.Value, tensor)).Key is { } first)
                metadata[name] = first;
            else
                written[name] = tensor;
        SafetensorsWriter.Write(path, written.Select(entry => WeightWriting.Describe(entry.Key, entry.Value)), metadata);
    }
}
