using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>
/// Scores of the vocabulary for each token that the decoder of an encoder-decoder generates, <c>[batch, target length, vocabulary]</c>. The decoder has read the tokens before it, so
/// labels are not shifted.
/// </summary>
/// <param name="isTied">true if the matrix is tied to the decoder's embedding, unless a checkpoint holds both.</param>
public sealed class Seq2SeqLanguageModelHead(bool isTied) : TaskHead
{
    private const string Name = "lm_head", BiasName = "final_logits_bias";

    private TokenDecoder _decoder = null!;
    private HeadedModel? _biased;

    /// <summary>The factor by which hidden states are multiplied. Default: 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>true to add a fixed bias to the scores, usually 0, which checkpoints hold but which is not trained.</summary>
    public bool HasFixedBias { get; init; }

    internal override TokenDecoder Decoder => _decoder;

    /// <inheritdoc/>
    public override void Build(HeadedModel model)
    {
        var embedding = model.Body.RequireEmbedding(model.Body.OutputEmbedding);
        _decoder = model.Register(Name, new TokenDecoder(embedding, isTied, bias: false, Name));
        if (!HasFixedBias)
            return;
        model.register_buffer(BiasName, zeros(1, embedding.Weight.Rows).DetachFromDisposeScope());
        _biased = model;
    }

    /// <inheritdoc/>
    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        using var scope = NewDisposeScope();
        var scores = _decoder.Forward(Scale == 1 ? hidden : hidden * Scale);
        return TokenLosses.Output(_biased?.get_buffer(BiasName) is { } bias ? scores + bias : scores, batch).MoveToOuterDisposeScope();
    }
}
