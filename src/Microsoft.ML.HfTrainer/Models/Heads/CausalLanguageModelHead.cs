using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>Scores of the vocabulary for the next token at each position, <c>[batch, length, vocabulary]</c>.</summary>
/// <param name="isTied">true if the matrix is tied to the input embedding when the configuration has no <c>tie_word_embeddings</c>.</param>
/// <param name="softCap">The logit soft-capping, <c>cap · tanh(score / cap)</c>. If null, scores are not capped.</param>
/// <param name="shifts">true if labels are those of the tokens themselves, so that they are shifted by one; false if they are those of the scores. Default: true.</param>
public sealed class CausalLanguageModelHead(bool isTied, double? softCap = null, bool shifts = true) : TaskHead
{
    private const string Name = "lm_head";

    private TokenDecoder _decoder = null!;

    /// <inheritdoc/>
    public override bool ShiftsLabels => shifts;

    internal override TokenDecoder Decoder => _decoder;

    /// <inheritdoc/>
    public override void Build(HeadedModel model) =>
        _decoder = model.Register(Name, new TokenDecoder(model.Body.RequireEmbedding(model.Body.InputEmbedding), model.Config.GetBool("tie_word_embeddings", isTied), bias: false, Name));

    /// <inheritdoc/>
    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        using var scope = NewDisposeScope();
        var scores = _decoder.Forward(hidden);
        var rows = layout.ToPadded(softCap is { } cap ? (scores / cap).tanh() * cap : scores);
        return (shifts ? TokenLosses.NextTokenOutput(rows, batch) : TokenLosses.Output(rows, batch)).MoveToOuterDisposeScope();
    }
}
