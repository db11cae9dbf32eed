using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>How the positions of tokens are counted.</summary>
internal enum TokenPositions
{
    /// <summary>From 0; padding is counted.</summary>
    FromStart,

    /// <summary>From the padding id + 1; padding is not counted and has the padding id as its position.</summary>
    AfterPadding,
}

/// <summary>A learned vector for each position of a text.</summary>
internal sealed class PositionEmbedding(PretrainedConfig config, int size, TokenPositions positions)
    : Embedding(config.GetSize("max_position_embeddings"), size, positions == TokenPositions.AfterPadding ? PaddingOf(config, positions) : null)
{
    /// <summary>The padding id of a configuration.</summary>
    public static int PaddingOf(PretrainedConfig config, TokenPositions positions) => config.GetInt("pad_token_id", positions == TokenPositions.AfterPadding ? 1 : 0);

    /// <summary>The vectors of a batch's tokens, in a layout or so that they broadcast to it.</summary>
    public Tensor Forward(Batch batch, TokenLayout layout)
    {
        if (PaddingIndex is not { } padding)
            return Forward(layout.Positions);
        using var scope = NewDisposeScope();
        var isToken = batch.Get("input_ids").ne(padding).to(ScalarType.Int64);
        return Forward(layout.Arrange(isToken.cumsum(1) * isToken + padding)).MoveToOuterDisposeScope();
    }
}
