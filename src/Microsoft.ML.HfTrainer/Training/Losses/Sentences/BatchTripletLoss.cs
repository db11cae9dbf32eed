using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The base class of losses over the triplets of a batch: a text should be nearer to texts of its class than to texts of other classes, by a margin. Only classes
/// with at least two texts in a batch contribute to its loss.
/// </summary>
public abstract class BatchTripletLoss : SentenceLoss
{
    private protected BatchTripletLoss()
    {
    }

    /// <summary>Gets the margin, in units of <see cref="Distance"/>. Default: 5.</summary>
    public double Margin { get; init; } = 5;

    /// <summary>Gets the distance between two embeddings. Default: <see cref="SentenceDistance.Euclidean"/>.</summary>
    public SentenceDistance Distance { get; init; } = SentenceDistance.Euclidean;

    /// <inheritdoc/>
    public override int MinTexts => 1;

    /// <inheritdoc/>
    public override SentenceLabels Labels => SentenceLabels.Class;

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels)
    {
        var same = labels.unsqueeze(0).eq(labels.unsqueeze(1));
        var own = eye(labels.shape[0], dtype: ScalarType.Bool, device: labels.device);
        return Loss(Distance.Matrix(embeddings[0]), same, same.logical_and(own.logical_not()));
    }

    /// <summary>Computes the loss.</summary>
    /// <param name="distances">The distances of all texts, <c>[batch, batch]</c>.</param>
    /// <param name="same">True for two texts of one class.</param>
    /// <param name="others">True for a text and another of its class.</param>
    private protected abstract Tensor Loss(Tensor distances, Tensor same, Tensor others);
}
