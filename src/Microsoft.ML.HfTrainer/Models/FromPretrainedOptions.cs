namespace Microsoft.ML.HfTrainer;

/// <summary>Settings for loading a model, and for fetching it from the hub.</summary>
public sealed record FromPretrainedOptions : HubOptions
{
    /// <summary>The number of classes, or of numbers in regression; null: as the configuration says.</summary>
    public int? NumLabels { get; init; }

    /// <summary>The names of the classes in order; null: as the configuration says.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The loss; null: as the configuration says, and if it does not, the labels decide.</summary>
    public ProblemType? ProblemType { get; init; }

    /// <summary>How sentence embeddings are made of hidden states; null: as the folder says, and if it does not, as <see cref="AutoModelForSentenceEmbedding"/> tells.</summary>
    public EmbeddingPooling? Pooling { get; init; }

    /// <summary>Whether sentence embeddings have the length 1; null: as the folder says, and if it does not, they are as the model gives them.</summary>
    public bool? NormalizeEmbeddings { get; init; }

    /// <summary>How attention is computed.</summary>
    public AttentionImplementation Attention { get; init; }

    /// <summary>The type of the weights. Default: float32.</summary>
    public ModelDType DType { get; init; }

    /// <summary>
    /// Whether a head whose weights have other shapes, as one for another number of classes has, is replaced by a new one. Default: it is an error. Weights of
    /// other shapes below the head always are.
    /// </summary>
    public bool IgnoreMismatchedSizes { get; init; }
}
