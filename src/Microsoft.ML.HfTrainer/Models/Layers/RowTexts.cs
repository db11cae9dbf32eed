using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Tells the texts of a row apart that holds several of them without padding, as <see cref="DataCollatorWithFlattening"/> makes them.</summary>
internal static class RowTexts
{
    /// <summary>Returns true where query and key belong to one text, <c>[batch, 1, length, length]</c>, or null if each row is one text.</summary>
    public static Tensor? Of(Batch batch) =>
        batch.Find("position_ids") is { } positions ? ByPositions(positions)
        : batch.Find("seq_idx") is { } indices ? ByIndices(indices)
        : batch.Find("cu_seq_lens_q") is { } ends ? ByEnds(ends, batch.Get("input_ids"))
        : null;

    /// <summary>
    /// Does so by the positions of tokens, <c>[batch, length]</c>: where they start again as at the beginning of the row, another text begins. A row with other jumps is one text, whose
    /// positions the caller chose.
    /// </summary>
    public static Tensor? ByPositions(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var length = positions.shape[1];
        var (next, first) = (positions.narrow(1, 1, length - 1), positions.narrow(1, 0, 1));
        var begins = next.eq(first);
        var continues = (next - positions.narrow(1, 0, length - 1)).eq(1);
        begins = begins.logical_and(begins.logical_or(continues).all(1, keepdim: true));
        return ByIndices(cat([zeros_like(positions).narrow(1, 0, 1), begins.cumsum(1)], 1))?.MoveToOuterDisposeScope();
    }

    private static Tensor? ByEnds(Tensor ends, Tensor ids)
    {
        using var scope = NewDisposeScope();
        return ByIndices(arange(ids.shape[1], device: ids.device).unsqueeze(1).greater_equal(ends.narrow(0, 1, ends.shape[0] - 1)).sum(1).unsqueeze(0))?.MoveToOuterDisposeScope();
    }

    private static Tensor? ByIndices(Tensor texts)
    {
        using var scope = NewDisposeScope();
        var length = texts.shape[1];
        return texts.eq(texts.narrow(1, 0, 1)).all().item<bool>() ? null : texts.view(-1, 1, length, 1).eq(texts.view(-1, 1, 1, length)).MoveToOuterDisposeScope();
    }
}
