using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer;

/// <summary>Settings for loading a model.</summary>
public sealed record FromPretrainedOptions
{
    /// <summary>The number of classes, or of numbers in regression; null: as the configuration says.</summary>
    public int? NumLabels { get; init; }

    /// <summary>The names of the classes in order; null: as the configuration says.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The loss; null: as the configuration says, and if it does not, the labels decide.</summary>
    public ProblemType? ProblemType { get; init; }

    /// <summary>How attention is computed.</summary>
    public AttentionImplementation Attention { get; init; }

    /// <summary>
    /// Whether a head whose weights have other shapes, as one for another number of classes has, is replaced by a new one. Default: it is an error. Weights of
    /// other shapes below the head always are.
    /// </summary>
    public bool IgnoreMismatchedSizes { get; init; }
}

/// <summary>Loads models that classify a text, of any registered architecture.</summary>
public static class AutoModelForSequenceClassification
{
    /// <summary>Loads a model from a folder with <c>config.json</c> and <c>model.safetensors</c>; a head that the file lacks is new.</summary>
    /// <remarks>A new head draws its weights from the global generator: seed it first (<c>torch.manual_seed</c>) to have the same head again.</remarks>
    /// <param name="model">The folder.</param>
    /// <param name="options">Classes, loss and attention; null: as the configuration says.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The configuration or the weights are wrong; the message names the file, the field or the weight.</exception>
    public static PretrainedModel FromPretrained(string model, FromPretrainedOptions? options = null) =>
        FromPretrained(ModelFolder.Resolve(model), options, ModelHead.SequenceClassification);

    /// <summary>Makes a model with new weights.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="options">Classes, loss and attention; null: as the configuration says.</param>
    public static PretrainedModel FromConfig(PretrainedConfig config, FromPretrainedOptions? options = null)
    {
        var made = Create(config.Clone(), options, ModelHead.SequenceClassification);
        made.LoadReport = WeightLoading.Initialize(made);
        return made;
    }

    private static PretrainedModel FromPretrained(string folder, FromPretrainedOptions? options, ModelHead head)
    {
        var config = PretrainedConfig.FromPretrained(folder);
        using var weights = Formats.WeightFiles.Open(folder);
        return Load(config, weights, options, head);
    }

    internal static PretrainedModel Load(PretrainedConfig config, Formats.WeightFiles weights, FromPretrainedOptions? options, ModelHead head)
    {
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
    }

    private static PretrainedModel Create(PretrainedConfig config, FromPretrainedOptions? options, ModelHead head)
    {
        TorchLibrary.EnsureLoaded();
        options ??= new FromPretrainedOptions();
        if (options.NumLabels is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.NumLabels, "NumLabels must be at least 1.");
        if (options.Labels is { } labels)
            config.Labels = labels;
        else if (options.NumLabels is { } count && count != config.Labels.Count)
            config.Labels = [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")];
        // Read even where nothing is set: a name that is wrong is refused now and not at the first loss.
        config.ProblemType = options.ProblemType ?? config.ProblemType;
        var model = Architecture.For(config)[head](config, options.Attention);
        model.eval();
        return model;
    }
}
