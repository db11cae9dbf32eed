using Microsoft.ML.HfTrainer.Training.Losses.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>A text should be nearer to its second text than to its third, by a margin (Schroff, Kalenichenko and Philbin 2015, arXiv:1503.03832).</summary>
public sealed class TripletLoss : SentenceLoss
{
    /// <summary>Gets the margin, in units of <see cref="Distance"/>. Default: 5.</summary>
    public double Margin { get; init; } = 5;

    /// <summary>Gets the distance between two embeddings. Default: <see cref="SentenceDistance.Euclidean"/>.</summary>
    public SentenceDistance Distance { get; init; } = SentenceDistance.Euclidean;

    /// <inheritdoc/>
    public override string Name => "TripletLoss";

    /// <inheritdoc/>
    public override int MinTexts => 3;

    /// <inheritdoc/>
    protected override Tensor ComputeCore(IReadOnlyList<Tensor> embeddings, Tensor labels) =>
        (Distance.Pairs(embeddings[0], embeddings[1]) - Distance.Pairs(embeddings[0], embeddings[2]) + Margin).clamp_min(0).mean();
}
