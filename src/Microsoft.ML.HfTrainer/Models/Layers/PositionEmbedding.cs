using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Specifies how the positions of tokens are counted.</summary>
internal enum TokenPositions
{
    /// <summary>From 0, padding included.</summary>
    FromStart,

    /// <summary>From the padding id + 1. Padding does not count, and its position is the padding id.</summary>
    AfterPadding,
}

/// <summary>Learned position embeddings.</summary>
internal sealed class PositionEmbedding(PretrainedConfig config, int size, TokenPositions positions)
    : Embedding(config.GetSize("max_position_embeddings"), size, positions == TokenPositions.AfterPadding ? PaddingOf(config, positions) : null)
{
    /// <summary>The maximum length of a text in tokens.</summary>
    public long MaxLength => Weight.Rows - (PaddingIndex + 1 ?? 0);

    /// <summary>Returns the padding id of a configuration; null if it has none, which it must have if positions are counted from there.</summary>
    public static int? PaddingOf(PretrainedConfig config, TokenPositions positions) =>
        positions == TokenPositions.AfterPadding ? config.GetInt("pad_token_id", 1) : config.GetIntOrNull("pad_token_id", 0);

    /// <summary>Returns the embeddings of the positions of a batch, in a layout or so that they broadcast to it. Positions that the batch gives are rows of the table.</summary>
    public Tensor Forward(Batch batch, TokenLayout layout)
    {
        if (PaddingIndex is not { } padding || batch.ContainsKey("position_ids"))
            return Forward(layout.Positions);
        using var scope = NewDisposeScope();
        var isToken = batch.Get("input_ids").ne(padding).to(ScalarType.Int64);
        return Forward(layout.Arrange((layout.Offset == 0 ? isToken.cumsum(1) : isToken.cumsum(1) + layout.Offset) * isToken + padding)).MoveToOuterDisposeScope();
    }
}
