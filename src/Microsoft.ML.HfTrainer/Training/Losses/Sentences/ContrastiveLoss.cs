using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Pulls the embeddings of two texts that belong together (label 1) together, and pushes those of other pairs (label 0) apart up to a margin (Hadsell, Chopra and LeCun 2006).</summary>
public sealed class ContrastiveLoss : SentenceLoss
{
    /// <summary>Gets the distance beyond which texts that do not belong together have no loss. Default: 0.5.</summary>
    public double Margin { get; init; } = 0.5;

    /// <summary>Gets the distance between two embeddings. Default: <see cref="SentenceDistance.Cosine"/>.</summary>
    public SentenceDistance Distance { get; init; } = SentenceDistance.Cosine;

    /// <inheritdoc/>
    public override string Name => "ContrastiveLoss";

    /// <inheritdoc/>
    public override int MinTexts => 2;

    /// <inheritdoc/>
    public override SentenceLabels Labels => SentenceLabels.Binary;

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels)
    {
        var distances = Distance.Pairs(embeddings[0], embeddings[1]);
        var losses = labels * distances.pow(2) + (1 + -labels) * (Margin + -distances).clamp_min(0).pow(2);
        return losses.mean() * 0.5;
    }
}
