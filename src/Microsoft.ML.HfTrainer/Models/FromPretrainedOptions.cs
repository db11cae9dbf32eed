namespace Microsoft.ML.HfTrainer;

/// <summary>Options for loading a model, and for downloading it from the hub.</summary>
public sealed record FromPretrainedOptions : HubOptions
{
    /// <summary>The number of classes, or of predicted numbers in regression. If null, that of the configuration.</summary>
    public int? NumLabels { get; init; }

    /// <summary>The names of the classes in order. If null, those of the configuration.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The problem type, which decides the loss. If null, that of the configuration; if it has none, the first labels decide.</summary>
    public ProblemType? ProblemType { get; init; }

    /// <summary>The pooling of sentence embeddings. If null, that of the folder, or else the default of <see cref="AutoModelForSentenceEmbedding"/>.</summary>
    public EmbeddingPooling? Pooling { get; init; }

    /// <summary>true to scale sentence embeddings to length 1. If null, as the folder specifies; by default they are not scaled.</summary>
    public bool? NormalizeEmbeddings { get; init; }

    /// <summary>
    /// The seed from which weights that the files lack are drawn, such as those of a new head, on the CPU. If null, they are drawn from libtorch's generator of the process
    /// (<c>torch.manual_seed</c>), or, in the function that creates a trainer's model, from the seed of the run.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>How attention is computed.</summary>
    public AttentionImplementation Attention { get; init; }

    /// <summary>The type of the weights. Default: float32.</summary>
    public ModelDType DType { get; init; }

    /// <summary>
    /// true to initialize a head whose weights have other shapes than the file's, such as one for another number of classes. Default: false, which makes it an error. Weights of other
    /// shapes in the body are always an error.
    /// </summary>
    public bool IgnoreMismatchedSizes { get; init; }
}
