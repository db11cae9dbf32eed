using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>How a head gets one vector for each text, <c>[batch, size]</c>.</summary>
/// <param name="Of">Makes it of hidden states in a layout.</param>
/// <param name="UsesPooler">Whether the body's pooler takes part.</param>
internal sealed record TextPooling(TextPooling.Function Of, bool UsesPooler = false)
{
    public delegate Tensor Function(ModelBody body, Tensor hidden, TokenLayout layout, Batch texts);

    /// <summary>The hidden state of the first token.</summary>
    public static TextPooling FirstToken { get; } = new((_, hidden, layout, _) => layout.First(hidden));

    /// <summary>The mean of the hidden states of a text's tokens.</summary>
    public static TextPooling Mean { get; } = new((_, hidden, layout, _) => Average(hidden, layout));

    /// <summary>The body's pooler.</summary>
    public static TextPooling Pooler { get; } = new((body, hidden, layout, _) => body.Pool(hidden, layout)!, UsesPooler: true);

    /// <summary>The hidden state of the last token that is not padding, which may stand on either side.</summary>
    public static TextPooling LastToken(PretrainedConfig config) => new((_, hidden, layout, texts) =>
    {
        using var scope = NewDisposeScope();
        return layout.At(hidden, LastPlaces(config, texts.Get("input_ids"))).MoveToOuterDisposeScope();
    });

    // Padding is known by its id and not by the mask, as in the original.
    private static Tensor LastPlaces(PretrainedConfig config, Tensor ids)
    {
        var places = arange(ids.shape[1], device: ids.device);
        if (config.GetIntOrNull("pad_token_id") is { } padding)
            return (places * ids.ne(padding)).argmax(-1);
        return ids.shape[0] == 1
            ? places.narrow(0, ids.shape[1] - 1, 1)
            : throw config.Error("pad_token_id", "is missing, without which the last token of each of several texts cannot be told", "the id of the padding token");
    }

    private static Tensor Average(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var rows = layout.ToRows(hidden);
        if (layout.Mask is not { } mask)
            return rows.mean([1]).MoveToOuterDisposeScope();
        var isToken = mask.view(rows.shape[0], -1, 1).to(rows.dtype);
        return ((rows * isToken).sum(1) / isToken.sum(1)).MoveToOuterDisposeScope();
    }
}
