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
        if (model is not PretrainedModel pretrained)
            return report;
        var optional = pretrained.OptionalNames();
        return (report with { Missing = [.. report.Missing.Where(name => !optional.Contains(name))] }).And(pretrained.LoadFiles(folder));
    }
}
