using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of the vocabulary for each token of a text, of which those before it are known.</summary>
/// <param name="isTied">Whether the decoder's matrix is that of the input embedding where the configuration does not say.</param>
/// <param name="decoder">The decoder's weight name.</param>
/// <param name="bias">Whether the decoder has a bias.</param>
/// <param name="after">What is done with the scores; null: nothing.</param>
/// <param name="shifts">Whether scores are of the token after each, whose label is its own; else labels are those of the scores.</param>
internal sealed class CausalLanguageModelHead(bool isTied, string decoder = "lm_head", bool bias = false, Func<Tensor, Tensor>? after = null, bool shifts = true) : TaskHead
{
    private TokenDecoder _decoder = null!;

    public override bool ShiftsLabels => shifts;

    internal override TokenDecoder Decoder => _decoder;

    public override void Build(HeadedModel model) =>
        _decoder = model.Register(decoder, new TokenDecoder(model.Body.RequireEmbedding(model.Body.InputEmbedding), model.Config.GetBool("tie_word_embeddings", isTied), bias, decoder));

    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        using var scope = NewDisposeScope();
        var scores = _decoder.Forward(hidden);
        var rows = layout.ToPadded(after is null ? scores : after(scores));
        return (shifts ? TokenLosses.NextTokenOutput(rows, batch) : TokenLosses.Output(rows, batch)).MoveToOuterDisposeScope();
    }
}
