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

    /// <summary>The hidden state of the last token that ends a text, in rows as long as those of the text.</summary>
    public static TextPooling LastEnd(PretrainedConfig config)
    {
        var end = config.GetInt("eos_token_id");
        return new((_, hidden, _, texts) => AtLast(end, texts.Get("input_ids"), hidden));
    }

    private static Tensor AtLast(int end, Tensor ids, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var ends = ids.eq(end);
        var without = ends.any(1).logical_not();
        if (without.any().item<bool>())
            throw new InvalidDataException($"Text {without.to(ScalarType.Int64).argmax().item<long>()} of the batch has no token {end} (eos_token_id), at which a text is classified; texts should end with it.");
        var last = (ends.to(ScalarType.Int64) * arange(1, ids.shape[1] + 1, device: ids.device)).argmax(1);
        return hidden[arange(ids.shape[0], device: ids.device), last].MoveToOuterDisposeScope();
    }

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
        var rows = layout.ToPadded(hidden);
        if (layout.KeyMask is not { } mask)
            return rows.mean([1]).MoveToOuterDisposeScope();
        var isToken = mask.view(rows.shape[0], -1, 1).to(rows.dtype);
        return ((rows * isToken).sum(1) / isToken.sum(1)).MoveToOuterDisposeScope();
    }
}
