using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The base class of losses on the embeddings of texts, with which sentence embedding models are trained. Each example has one or more texts, and a label if the loss takes one. Applications
/// may derive further losses, and register them by name with <see cref="SentenceLosses.Register"/>.
/// </summary>
public abstract class SentenceLoss
{
    /// <summary>Gets the name that the loss has in sentence-transformers, such as <c>CoSENTLoss</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the minimum number of texts of an example.</summary>
    public abstract int MinTexts { get; }

    /// <summary>Gets the maximum number of texts of an example. Default: <see cref="MinTexts"/>.</summary>
    public virtual int MaxTexts => MinTexts;

    /// <summary>Gets what the labels of examples are. Default: <see cref="SentenceLabels.None"/>.</summary>
    public virtual SentenceLabels Labels => SentenceLabels.None;

    /// <summary>Computes the loss of a batch.</summary>
    /// <param name="embeddings">The embeddings of the first texts of all examples, of their second texts, and so on, each <c>[batch, size]</c>.</param>
    /// <param name="labels">
    /// The labels: <c>[batch]</c>, or <c>[batch, size]</c> for <see cref="SentenceLabels.Vector"/>. If the loss takes none, they are ignored.
    /// </param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">There are too few or too many texts, labels are missing, or shapes differ.</exception>
    public Tensor Compute(IReadOnlyList<Tensor> embeddings, Tensor? labels = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.Count < MinTexts || embeddings.Count > MaxTexts)
            throw new ArgumentException($"{Name} takes {TextsText} of each example; there are embeddings of {embeddings.Count}.", nameof(embeddings));
        if (embeddings.FirstOrDefault(e => e.dim() != 2 || !e.shape.SequenceEqual(embeddings[0].shape)) is { } odd)
            throw new ArgumentException($"{Name} takes embeddings of one shape [batch, size]; there are [{string.Join(", ", embeddings[0].shape)}] and [{string.Join(", ", odd.shape)}].", nameof(embeddings));
        if (Labels != SentenceLabels.None && labels is null)
            throw new ArgumentException($"{Name} needs labels ({Labels}), and there are none.", nameof(labels));
        using var scope = NewDisposeScope();
        // Differences of similarities are lost in 16 bits.
        var wide = embeddings.Select(e => e.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? e.to(ScalarType.Float32) : e).ToList();
        if (Labels == SentenceLabels.None)
            return ComputeCore(wide, zeros(0, device: wide[0].device)).MoveToOuterDisposeScope();
        var shape = Labels == SentenceLabels.Vector ? wide[0].shape : wide[0].shape[..1];
        if (!labels!.shape.SequenceEqual(shape))
            throw new ArgumentException($"{Name} takes labels [{string.Join(", ", shape)}] ({Labels}) for embeddings [{string.Join(", ", wide[0].shape)}]; there are [{string.Join(", ", labels.shape)}].", nameof(labels));
        return ComputeCore(wide, Labels == SentenceLabels.Class ? labels : labels.to(wide[0].dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Returns the loss as the <see cref="Trainer.ComputeLossFunc"/> of a sentence embedding model, with batches of <see cref="DataCollatorForSentences"/>. If gradients are
    /// accumulated over several micro-batches, each counts by its number of examples.
    /// </summary>
    public LossFunction ToLossFunction() => (output, batch, labelCount) =>
    {
        using var scope = NewDisposeScope();
        var vectors = output.SentenceEmbedding ?? throw new ArgumentException($"{Name} is a loss on embeddings, and the model gives '{output.Name}'; load it with {nameof(AutoModelForSentenceEmbedding)}.");
        var texts = Split(vectors, batch.Size);
        var loss = Compute(texts, Labels == SentenceLabels.None ? null : batch.Get(Batch.Labels));
        return (labelCount is { } count ? loss * (batch.Size / (double)count) : loss).MoveToOuterDisposeScope();
    };

    /// <summary>Computes the loss of a batch, whose shapes have been checked. The caller disposes the tensors that are created here.</summary>
    /// <param name="embeddings">The embeddings of the first texts, of the second texts, and so on, each <c>[batch, size]</c>.</param>
    /// <param name="labels">
    /// The labels, <c>[batch]</c> or, for <see cref="SentenceLabels.Vector"/>, <c>[batch, size]</c>: integers for <see cref="SentenceLabels.Class"/>, otherwise floating-point numbers. Empty if the
    /// loss takes none.
    /// </param>
    /// <returns>The loss, a scalar.</returns>
    protected abstract Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels);

    /// <summary>The number of texts, for messages.</summary>
    internal string TextsText => (MinTexts, MaxTexts) switch
    {
        (1, 1) => "one text",
        (var least, int.MaxValue) => $"{least} or more texts",
        var (least, most) when least == most => $"{least} texts",
        var (least, most) => $"{least} to {most} texts",
    };

    /// <summary>Splits the embeddings of the texts of all examples, one example after the other, into those of first texts, second texts and so on.</summary>
    /// <param name="vectors">The embeddings, <c>[examples · texts, size]</c>.</param>
    /// <param name="examples">The number of examples.</param>
    internal static IReadOnlyList<Tensor> Split(Tensor vectors, long examples)
    {
        var grouped = vectors.view(examples, -1, vectors.shape[^1]);
        return [.. Enumerable.Range(0, (int)grouped.shape[1]).Select(text => grouped.select(1, text))];
    }
}

/// <summary>Specifies what the label of an example is for a <see cref="SentenceLoss"/>.</summary>
public enum SentenceLabels
{
    /// <summary>Examples have no labels.</summary>
    None,

    /// <summary>A real number, such as the similarity of two texts.</summary>
    Score,

    /// <summary>1 if the texts belong together, otherwise 0.</summary>
    Binary,

    /// <summary>The index of the class of the text, an integer.</summary>
    Class,

    /// <summary>The embedding that the text should have, such as the one that a larger model computes.</summary>
    Vector,
}

/// <summary>Specifies the distance between two embeddings.</summary>
public enum SentenceDistance
{
    /// <summary>1 minus their cosine.</summary>
    Cosine,

    /// <summary>The length of their difference.</summary>
    Euclidean,

    /// <summary>The sum of the absolute differences of their elements.</summary>
    Manhattan,
}
