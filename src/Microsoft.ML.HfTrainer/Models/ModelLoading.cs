using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Sentences;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Creates models from configurations and weight files, for the <c>AutoModel</c> classes.</summary>
internal static class ModelLoading
{
    /// <summary>Loads a model from a folder or the hub; weights that the files lack are initialized.</summary>
    public static PretrainedModel FromPretrained(string model, FromPretrainedOptions? options, ModelHead head)
    {
        var folder = ModelFolder.Resolve(model, options);
        return Load(folder, PretrainedConfig.FromPretrained(folder), options, head);
    }

    /// <summary>Loads a model for sentence embeddings from a folder or the hub, which may be one of sentence-transformers.</summary>
    public static PretrainedModel SentencesFromPretrained(string model, FromPretrainedOptions? options)
    {
        var folder = ModelFolder.Resolve(model, options, ModelManifest.SentenceModel);
        var (modules, modelFolder) = SentenceModules.Read(folder);
        var config = PretrainedConfig.FromPretrained(modelFolder);
        config.Sentences = modules;
        var loaded = Load(modelFolder, config, options, ModelHead.SentenceEmbedding);
        try
        {
            loaded.LoadReport = loaded.LoadReport.And(loaded.LoadFiles(folder));
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Creates a model with initial weights.</summary>
    public static PretrainedModel FromConfig(PretrainedConfig config, FromPretrainedOptions? options, ModelHead head) => Drawn(options, () =>
    {
        config = config.OfText().Clone();
        using var allocation = ModelAllocation.Begin(config, ModelDTypes.Resolve(options?.DType ?? default, config, null), null);
        var made = Create(config, options, head);
        made.LoadReport = WeightLoading.Initialize(made);
        return made;
    });

    /// <summary>Creates a model from a configuration, which becomes the model's own, and weights.</summary>
    public static PretrainedModel Load(PretrainedConfig config, WeightFiles weights, FromPretrainedOptions? options, ModelHead head) => Drawn(options, () =>
    {
        using var allocation = ModelAllocation.Begin(config, ModelDTypes.Resolve(options?.DType ?? default, config, weights), weights);
        var model = Create(config, options, head);
        try
        {
            model.LoadReport = WeightLoading.Load(model, weights, options?.IgnoreMismatchedSizes ?? false);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    });

    // Constructors of layers from outside the library draw too.
    private static PretrainedModel Drawn(FromPretrainedOptions? options, Func<PretrainedModel> make)
    {
        TorchLibrary.EnsureLoaded();
        return options?.Seed is { } seed ? RandomState.Draw(seed, make) : make();
    }

    private static PretrainedModel Load(string folder, PretrainedConfig config, FromPretrainedOptions? options, ModelHead head)
    {
        using var weights = WeightFiles.Open(folder);
        var loaded = Load(config, weights, options, head);
        loaded.KeepFiles(folder);
        return loaded;
    }

    private static PretrainedModel Create(PretrainedConfig config, FromPretrainedOptions? options, ModelHead head)
    {
        options ??= new FromPretrainedOptions();
        if (options.NumLabels is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.NumLabels, "NumLabels must be at least 1.");
        if (options.Pooling is { } pooling && !Enum.IsDefined(pooling))
            throw new ArgumentOutOfRangeException(nameof(options), $"Pooling is {pooling}, which is no {nameof(EmbeddingPooling)}.");
        if (options.Labels is { } labels)
            config.Labels = labels;
        else if (options.NumLabels is { } count && count != config.Labels.Count)
            config.Labels = [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")];
        // Read even if nothing is set, so that a wrong name is reported now and not at the first loss.
        config.ProblemType = options.ProblemType ?? config.ProblemType;
        if (head == ModelHead.SentenceEmbedding)
            config.Sentences = (config.Sentences ?? SentenceModules.Default(config)).With(options.Pooling, options.NormalizeEmbeddings);
        var model = Make(Architecture.For(config)[head], config, options.Attention);
        model.ConvertForeignParameters(ModelAllocation.Type);
        model.eval();
        return model;
    }

    // Numbers that fit no model fail wherever they are used first.
    private static PretrainedModel Make(Architecture.Factory make, PretrainedConfig config, AttentionImplementation attention)
    {
        try
        {
            return make(config, attention);
        }
        catch (Exception failure) when (failure is ArithmeticException or ArgumentException or IndexOutOfRangeException or OutOfMemoryException or ExternalException)
        {
            throw new InvalidDataException($"{config.Source}: no model of the type {config.ModelType} can be made of these fields: {failure.Message}", failure);
        }
    }
}
