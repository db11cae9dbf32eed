using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
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
            SafetensorsWriter.Write(Path.Combine(folder, WeightFiles.SingleName), model.state_dict().Select(p => WeightWriting.Describe(p.Key, p.Value)), WeightWriting.Metadata);
        tokenizer?.SavePretrained(folder);
    }

    /// <summary>Loads the weights of a folder into a model. Weights that the folder lacks are left unchanged.</summary>
    public static LoadReport Load(nn.Module model, string folder)
    {
        using var files = WeightFiles.Open(folder);
        var report = WeightLoading.Fill(model, files);
        if (model is PretrainedModel pretrained)
        {
            var optional = pretrained.OptionalNames();
            report = (report with { Missing = [.. report.Missing.Where(name => !optional.Contains(name))] }).And(pretrained.LoadFiles(folder));
        }
        var buffers = model.named_buffers().ToDictionary(b => b.name, b => b.buffer);
        foreach (var name in report.Unexpected.Where(buffers.ContainsKey))
            Copy(files, name, buffers[name]);
        return report with { Unexpected = [.. report.Unexpected.Where(name => !buffers.ContainsKey(name))] };
    }

    private static void Copy(WeightFiles files, string name, Tensor buffer)
    {
        using var noGrad = no_grad();
        using var saved = new StateTensors();
        var entry = files.Entries[name];
        saved.Add(files.FileOf(name).Path, name, entry.DType, entry.Shape, (start, length) => files.GetBytes(name, start, length));
        buffer.copy_(saved[name]);
    }
}
