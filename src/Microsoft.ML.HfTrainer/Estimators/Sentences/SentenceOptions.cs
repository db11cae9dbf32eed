namespace Microsoft.ML.HfTrainer;

/// <summary>Options shared by <see cref="SentenceEmbeddingEstimator"/> and <see cref="SentenceSimilarityEstimator"/>.</summary>
public abstract class SentenceOptions : HfTrainerOptions
{
    private protected SentenceOptions()
    {
    }

    /// <summary>
    /// Gets or sets the name of the label column. The loss decides what it holds: a score (Single, Double, Int32 or Boolean), the class of the text (key), or the embedding that the text should
    /// have (vector of Single). Default: null, there are no labels; <c>Label</c> for <see cref="SentenceSimilarityOptions"/>.
    /// </summary>
    public string? LabelColumnName { get; set; }

    /// <summary>Gets or sets the loss. Default: null, the one that fits the columns.</summary>
    public SentenceLoss? Loss { get; set; }

    /// <summary>Gets or sets the pooling of the hidden states of tokens. Default: null, that of the model's folder, or else their mean.</summary>
    public EmbeddingPooling? Pooling { get; set; }

    /// <summary>Gets or sets whether embeddings are scaled to length 1. Default: null, as the folder of the model says.</summary>
    public bool? Normalize { get; set; }

    /// <summary>Gets the prompts that are saved with the model, by name, in place of those of its folder. Default: none, those of the folder are kept.</summary>
    public IDictionary<string, string> Prompts { get; } = new Dictionary<string, string>();

    /// <exception cref="ArgumentOutOfRangeException">The pooling is none.</exception>
    internal void CheckPooling()
    {
        if (Pooling is { } pooling && !Enum.IsDefined(pooling))
            throw new ArgumentOutOfRangeException(nameof(Pooling), $"Pooling is {pooling}, which is no {nameof(EmbeddingPooling)}.");
    }
}
