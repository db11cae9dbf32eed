using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of the vocabulary for each token of the text that a decoder writes: it has read those before, so the labels are not moved.</summary>
/// <param name="isTied">Whether its matrix is that of the decoder's embedding where files do not have both.</param>
internal sealed class Seq2SeqLanguageModelHead(bool isTied) : TaskHead
{
    private const string Name = "lm_head", BiasName = "final_logits_bias";

    private TokenDecoder _decoder = null!;
    private Func<Tensor?> _bias = () => null;

    /// <summary>What hidden states are multiplied by.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether a fixed bias is added to the scores, mostly 0, which is in the files but not trained.</summary>
    public bool HasFixedBias { get; init; }

    internal override TokenDecoder Decoder => _decoder;

    public override void Build(HeadedModel model)
    {
        var embedding = model.Body.RequireEmbedding(model.Body.OutputEmbedding);
        _decoder = model.Register(Name, new TokenDecoder(embedding, isTied, bias: false, Name));
        if (!HasFixedBias)
            return;
        model.register_buffer(BiasName, zeros(1, embedding.Weight.Rows).DetachFromDisposeScope());
        _bias = () => model.get_buffer(BiasName);
    }

    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        using var scope = NewDisposeScope();
        var scores = _decoder.Forward(Scale == 1 ? hidden : hidden * Scale);
        return TokenLosses.Output(_bias() is { } bias ? scores + bias : scores, batch).MoveToOuterDisposeScope();
    }
}
