using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Where a batch's tokens lie in the tensors of a model. Layers that work token by token (linear maps, norms, dropout) take any layout; attention and
/// pooling ask it.
/// </summary>
internal abstract class TokenLayout
{
    /// <summary>The layout of a batch: packed if the batch may be packed and has padding to leave out.</summary>
    public static TokenLayout Of(Batch batch)
    {
        var ids = batch.Get("input_ids");
        return batch is { Packed: true, Lengths: { } lengths } && lengths.Sum() < ids.numel() ? new PackedLayout(lengths, ids) : new PaddedLayout(batch);
    }

    /// <summary>Tokens of the longest text, to which the others are padded where they are.</summary>
    public abstract long Length { get; }

    /// <summary>The same layout once more, for when the tensors of this one are disposed.</summary>
    public abstract TokenLayout Again();

    /// <summary>True where a key may be seen by attention, <c>[batch, 1, 1, length]</c>; null: everywhere.</summary>
    public abstract Tensor? Mask { get; }

    /// <summary>Values of a batch, <c>[batch, length]</c>, in this layout.</summary>
    public abstract Tensor Arrange(Tensor values);

    /// <summary>Each token's position in its text, in this layout or so that it broadcasts to it.</summary>
    public abstract Tensor Positions { get; }

    /// <summary>Hidden states as attention takes them, <c>[batch, length, size]</c>.</summary>
    public abstract Tensor ToRows(Tensor hidden);

    /// <summary>What attention gives, <c>[batch, length, size]</c>, in this layout.</summary>
    public abstract Tensor FromRows(Tensor rows);

    /// <summary>The hidden state of each text's first token, <c>[batch, size]</c>.</summary>
    public abstract Tensor First(Tensor hidden);
}

/// <summary>One row a text, filled up with padding: hidden states are <c>[batch, length, size]</c>.</summary>
internal sealed class PaddedLayout(Batch batch) : TokenLayout
{
    private readonly Tensor _ids = batch.Get("input_ids");

    public override Tensor? Mask { get; } = batch.HasPadding && batch.Find("attention_mask") is { } mask ? mask.to(ScalarType.Bool).unsqueeze(1).unsqueeze(1) : null;

    public override long Length => _ids.shape[1];

    public override TokenLayout Again() => new PaddedLayout(batch);

    public override Tensor Positions => arange(_ids.shape[1], device: _ids.device).unsqueeze(0);

    public override Tensor Arrange(Tensor values) => values;

    public override Tensor ToRows(Tensor hidden) => hidden;

    public override Tensor FromRows(Tensor rows) => rows;

    public override Tensor First(Tensor hidden) => hidden.select(1, 0);
}

/// <summary>All texts one after another without padding: hidden states are <c>[tokens, size]</c>. Attention alone sees rows.</summary>
internal sealed class PackedLayout : TokenLayout
{
    private readonly IReadOnlyList<int> _lengths;
    private readonly Tensor _ids, _places, _firsts;
    private readonly long _batch, _length;

    /// <param name="lengths">The number of tokens of each text; padding follows them.</param>
    /// <param name="ids">The padded batch.</param>
    public PackedLayout(IReadOnlyList<int> lengths, Tensor ids)
    {
        (_lengths, _ids) = (lengths, ids);
        (_batch, _length) = (ids.shape[0], ids.shape[1]);
        var places = new long[lengths.Sum()];
        var firsts = new long[lengths.Count];
        var next = 0;
        for (var row = 0; row < lengths.Count; row++)
        {
            firsts[row] = next;
            for (var i = 0; i < lengths[row]; i++)
                places[next++] = row * _length + i;
        }
        (_places, _firsts) = (tensor(places, device: ids.device), tensor(firsts, device: ids.device));
        Positions = _places.remainder(_length);
        var ends = tensor(lengths.Select(l => (long)l).ToArray(), device: ids.device).view(-1, 1, 1, 1);
        Mask = arange(_length, device: ids.device).view(1, 1, 1, -1).less(ends);
    }

    public override long Length => _length;

    public override TokenLayout Again() => new PackedLayout(_lengths, _ids);

    public override Tensor? Mask { get; }

    public override Tensor Positions { get; }

    public override Tensor Arrange(Tensor values) => values.reshape(-1).index_select(0, _places);

    public override Tensor ToRows(Tensor hidden) =>
        zeros([_batch * _length, hidden.shape[1]], hidden.dtype, hidden.device).index_copy(0, _places, hidden).view(_batch, _length, -1);

    public override Tensor FromRows(Tensor rows) => rows.view(_batch * _length, -1).index_select(0, _places);

    public override Tensor First(Tensor hidden) => hidden.index_select(0, _firsts);
}
