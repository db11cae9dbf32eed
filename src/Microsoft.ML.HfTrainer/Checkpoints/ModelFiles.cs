using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>The files of a model that any Hugging Face library reads.</summary>
internal static class ModelFiles
{
    /// <summary>Writes model, configuration and tokenizer into a folder.</summary>
    public static void Save(Trainer trainer, string folder)
    {
        Directory.CreateDirectory(folder);
        if (trainer.Model is PretrainedModel pretrained)
            pretrained.SavePretrained(folder);
        else
            SafetensorsWriter.Write(Path.Combine(folder, WeightFiles.SingleName), trainer.Model.state_dict().Select(p => WeightWriting.Describe(p.Key, p.Value)), WeightWriting.Metadata);
        (trainer.Tokenizer ?? trainer.DataCollator.Tokenizer)?.SavePretrained(folder);
    }

    /// <summary>Reads the weights of a folder that <see cref="Save"/> or the original wrote back into the model; what the folder lacks stays as it is.</summary>
    public static LoadReport Load(Trainer trainer, string folder)
    {
        using var files = WeightFiles.Open(folder);
        var report = WeightLoading.Fill(trainer.Model, files);
        if (trainer.Model is PretrainedModel pretrained)
        {
            var optional = pretrained.OptionalNames();
            report = (report with { Missing = [.. report.Missing.Where(name => !optional.Contains(name))] }).And(pretrained.LoadFiles(folder));
        }
        var buffers = trainer.Model.named_buffers().ToDictionary(b => b.name, b => b.buffer);
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
