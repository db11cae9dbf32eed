using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;

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
        trainer.Tokenizer?.SavePretrained(folder);
    }

    /// <summary>Reads the weights of a folder that <see cref="Save"/> wrote back into the model.</summary>
    public static void Load(Trainer trainer, string folder)
    {
        using var files = WeightFiles.Open(folder);
        WeightLoading.Fill(trainer.Model, files);
    }
}
