using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Native.MlNet;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>A trained model with its tokenizer and what is known about its training.</summary>
/// <param name="Model">The model, in evaluation mode.</param>
/// <param name="Tokenizer">The tokenizer that it was trained with.</param>
/// <param name="Arguments">The training arguments, as JSON.</param>
/// <param name="BatchSize">The number of examples per batch in prediction.</param>
internal sealed record TrainedModel(PretrainedModel Model, HfTokenizer Tokenizer, byte[] Arguments, int BatchSize)
{
    /// <summary>The batch size of prediction if <see cref="TrainingArguments.PerDeviceEvalBatchSize"/> is not set.</summary>
    public const int DefaultBatchSize = 32;

    private const string ArgumentsFile = "training_args.json";

    /// <summary>The outcome of training; null if the model was loaded.</summary>
    public TrainOutput? Output { get; init; }

    /// <summary>The log of training; empty if the model was loaded.</summary>
    public IReadOnlyList<LogRecord> LogHistory { get; init; } = [];

    /// <summary>The implementation of attention.</summary>
    public AttentionImplementation Attention { get; init; }

    /// <summary>Writes a Hugging Face folder.</summary>
    public void SavePretrained(string folder)
    {
        Model.SavePretrained(folder);
        Tokenizer.SavePretrained(folder);
        File.WriteAllBytes(Path.Combine(folder, ArgumentsFile), Arguments);
    }

    public void Write(ArchiveWriter archive)
    {
        archive.Write(BatchSize);
        archive.Write((int)Attention);
        TokenizerArchive.Write(archive, Tokenizer);
        if (Model.SentenceEmbedding is not null)
            HeadFiles.Write(archive, Model);
        archive.WriteFile(ArgumentsFile, stream => stream.Write(Arguments));
        archive.WriteFile(PretrainedConfig.FileName, stream => stream.Write(Model.SavedConfig().ToJson()));
        if (Model is HeadedModel { Kind: var head } && Generates(head))
            archive.WriteFile(GenerationConfig.FileName, stream => stream.Write(Model.CurrentGenerationConfig().ToJson()));
        archive.WriteFile(WeightFiles.SingleName, stream =>
            SafetensorsWriter.Write(stream, Model.SavedWeights().Select(w => WeightWriting.Describe(w.Name, w.Tensor)), WeightWriting.Metadata));
    }

    /// <summary>Reads a model onto the device of the loading <see cref="MLContext"/>.</summary>
    public static TrainedModel Read(MlHost host, ArchiveReader archive, ModelHead head)
    {
        var device = ComputeDevice.Select(host.GpuDeviceId, host.FallbackToCpu, host.Warn);
        var (batchSize, attention) = (archive.ReadInt(), (AttentionImplementation)archive.ReadInt());
        // Files of the first version hold what training used, and prediction took larger batches.
        if (archive.Version == 1)
            batchSize = Math.Max(batchSize, DefaultBatchSize);
        var tokenizer = TokenizerArchive.Read(archive);
        using var files = head == ModelHead.SentenceEmbedding ? HeadFiles.Read(archive) : null;
        var config = PretrainedConfig.Parse($"{PretrainedConfig.FileName} in the model file", archive.ReadBytes(PretrainedConfig.FileName));
        config.Sentences = files?.Modules;
        var arguments = archive.ReadBytes(ArgumentsFile);
        var model = archive.ReadFile(WeightFiles.SingleName, stream =>
        {
            using var weights = new WeightFiles(Open(stream));
            return ModelLoading.Load(config, weights, new FromPretrainedOptions { Attention = attention }, head);
        });
        try
        {
            files?.Load(model);
            if (model.LoadReport is { Missing: [var missing, ..] })
                throw host.Mark(new InvalidDataException($"The model file is damaged: {WeightFiles.SingleName} in it lacks the weight '{missing}'."));
            if (Generates(head))
                model.GenerationConfig = GenerationConfig.Parse($"{GenerationConfig.FileName} in the model file", archive.ReadBytes(GenerationConfig.FileName));
            model.to(device);
            return new TrainedModel(model, tokenizer, arguments, batchSize) { Attention = attention };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static bool Generates(ModelHead head) => head is ModelHead.CausalLM or ModelHead.Seq2SeqLM;

    // ML.NET unpacks large entries into files, which are mapped rather than read.
    private static SafetensorsFile Open(Stream stream)
    {
        if (stream is FileStream file)
            return SafetensorsFile.Open(file.Name);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return SafetensorsFile.Read(WeightFiles.SingleName, content);
    }
}
