using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of the vocabulary for each token, <c>[batch, length, vocabulary]</c>: dense layer, activation, norm, and a decoder that is tied to the input embedding.</summary>
/// <param name="shape">The layers and their names.</param>
public sealed class MaskedLanguageModelHead(MaskedLanguageModelShape shape) : TaskHead
{
    private Linear _dense = null!;
    private Activation _activation = null!;
    private LayerNorm _norm = null!;
    private TokenDecoder _decoder = null!;

    /// <inheritdoc/>
    public override bool ShiftsLabels => shape.PredictsNext;

    internal override TokenDecoder Decoder => _decoder;

    /// <inheritdoc/>
    public override void Build(HeadedModel model)
    {
        var embedding = model.Body.RequireEmbedding(model.Body.InputEmbedding);
        var size = embedding.Weight.Columns;
        var tied = model.Config.GetBool("tie_word_embeddings", shape.IsTied);
        _decoder = model.Register(shape.Decoder, new TokenDecoder(embedding, tied, shape.DecoderBias, shape.Decoder, shape.DecoderMatrix));
        _dense = model.Register(shape.Dense, new Linear(model.Body.Size, size, shape.DenseBias));
        _activation = shape.Activation.In(model, shape.ActivationName);
        _norm = model.Register(shape.Norm, new LayerNorm(size, shape.Epsilon, shape.NormBias));
    }

    /// <inheritdoc/>
    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        using var scope = NewDisposeScope();
        var logits = layout.ToPadded(_decoder.Forward(_norm.Forward(_activation.Forward(_dense.Forward(hidden)))));
        return (shape.PredictsNext ? TokenLosses.NextTokenOutput(logits, batch) : TokenLosses.Output(logits, batch, shape.Reduction)).MoveToOuterDisposeScope();
    }
}
