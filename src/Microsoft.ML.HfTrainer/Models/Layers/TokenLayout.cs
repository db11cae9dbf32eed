using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// Where a batch's tokens lie in the tensors of a model. Layers that work token by token (linear maps, norms, dropout) take any layout; attention and
/// pooling ask it.
/// </summary>
internal abstract class TokenLayout
{
    // What layers share is made where one first asks for it, deep within, and lives as long as the layout: in the scope of this tensor.
    private readonly Tensor _owner;
    private readonly Dictionary<object, Tensor> _shared = [];

    protected TokenLayout(Device device) => _owner = empty(0, device: device);

    /// <summary>The layout of a batch: packed if the batch may be packed and has padding to leave out.</summary>
    public static TokenLayout Of(Batch batch)
    {
        var ids = batch.Get("input_ids");
        return batch is { Packed: true, Lengths: { } lengths } && lengths.Sum() < ids.numel() && !batch.ContainsKey("position_ids") ? new PackedLayout(lengths, ids) : new PaddedLayout(batch);
    }

    /// <summary>Tokens of the longest text, to which the others are padded where they are.</summary>
    public abstract long Length { get; }

    /// <summary>The same layout once more, for when the tensors of this one are disposed.</summary>
    public abstract TokenLayout Again();

    /// <summary>True where a key may be seen by attention, <c>[batch, 1, 1, length]</c>; null: everywhere.</summary>
    public abstract Tensor? Mask { get; }

    /// <summary>True where a token may be seen by another that does not come before it, broadcasts to <c>[batch, 1, length, length]</c>; null: everywhere.</summary>
    protected abstract Tensor? CausalKeys { get; }

    /// <summary>True where attention in which no token sees a later one may see a key, <c>[batch or 1, 1, length, length]</c>; null: everywhere before the query and at it.</summary>
    /// <param name="window">How many tokens each sees, itself among them; null: all.</param>
    public Tensor? CausalMask(int? window = null)
    {
        if (window >= Length)
            window = null;
        if (window is null && CausalKeys is null)
            return null;
        return Share((nameof(CausalMask), window), () =>
        {
            using var scope = NewDisposeScope();
            var order = Order(Length, window, _owner.device);
            return (CausalKeys is { } keys ? order.logical_and(keys) : order).MoveToOuterDisposeScope();
        });
    }

    /// <summary>True where a key is not after the query, and within the window if there is one, <c>[1, 1, length, length]</c>.</summary>
    public static Tensor Order(long length, int? window, Device device)
    {
        using var scope = NewDisposeScope();
        var places = arange(length, device: device);
        var distance = places.unsqueeze(1) - places;
        var seen = distance.greater_equal(0);
        if (window is { } tokens)
            seen = seen.logical_and(distance.less(tokens));
        return seen.view(1, 1, length, length).MoveToOuterDisposeScope();
    }

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

    /// <summary>Hidden states with 0 in place of those of padding.</summary>
    public abstract Tensor ClearPadding(Tensor hidden);

    /// <summary>The hidden state of one token of each text, <c>[batch, size]</c>; their places in the texts are <c>[batch]</c> int64.</summary>
    public abstract Tensor At(Tensor hidden, Tensor places);

    /// <summary>A tensor that is computed once for all layers, such as turns of positions; it lives as long as the layout.</summary>
    public Tensor Share(object key, Func<Tensor> make)
    {
        if (_shared.TryGetValue(key, out var made))
            return made;
        // Moved within one scope, a tensor would no longer be disposed with it.
        using var scope = NewDisposeScope();
        return _shared[key] = make().MoveToOtherDisposeScope(_owner);
    }
}

/// <summary>One row a text, filled up with padding: hidden states are <c>[batch, length, size]</c>.</summary>
internal class PaddedLayout : TokenLayout
{
    private readonly Tensor _ids;
    private readonly Tensor? _mask, _positions;

    public PaddedLayout(Batch batch) : this(batch.Get("input_ids"), batch.HasPadding ? batch.Find("attention_mask") : null, batch.Find("position_ids"))
    {
    }

    /// <param name="ids">The tokens, <c>[batch, length]</c>.</param>
    /// <param name="mask">1 where there is a token, 0 where there is padding, as <paramref name="ids"/>; null: there is none.</param>
    /// <param name="positions">Each token's position, as <paramref name="ids"/>; where they begin anew in a row without padding, another text begins. Null: they are counted from 0.</param>
    public PaddedLayout(Tensor ids, Tensor? mask, Tensor? positions = null) : base(ids.device)
    {
        (_ids, _mask, _positions) = (ids, mask, positions);
        Mask = mask?.to(ScalarType.Bool).unsqueeze(1).unsqueeze(1);
        CausalKeys = Mask ?? (positions is null ? null : OfOneText(positions));
    }

    public override Tensor? Mask { get; }

    protected override Tensor? CausalKeys { get; }

    public override long Length => _ids.shape[1];

    public override TokenLayout Again() => new PaddedLayout(_ids, _mask, _positions);

    public override Tensor Positions => _positions ?? arange(_ids.shape[1], device: _ids.device).unsqueeze(0);

    public override Tensor Arrange(Tensor values) => values;

    public override Tensor ToRows(Tensor hidden) => hidden;

    public override Tensor FromRows(Tensor rows) => rows;

    public override Tensor First(Tensor hidden) => hidden.select(1, 0);

    public override Tensor ClearPadding(Tensor hidden) => Mask is null ? hidden : hidden * Mask.view(hidden.shape[0], -1, 1).to(hidden.dtype);

    public override Tensor At(Tensor hidden, Tensor places) => hidden[arange(places.shape[0], device: places.device), places];

    // True where query and key are of one text: where positions do not go on by 1, another begins. Null where each row is one text.
    private static Tensor? OfOneText(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var length = positions.shape[1];
        var begins = (positions.narrow(1, 1, length - 1) - positions.narrow(1, 0, length - 1)).ne(1);
        if (!begins.any().item<bool>())
            return null;
        var texts = cat([zeros_like(positions).narrow(1, 0, 1), begins.cumsum(1)], 1);
        return texts.view(-1, 1, length, 1).eq(texts.view(-1, 1, 1, length)).MoveToOuterDisposeScope();
    }
}

/// <summary>All texts one after another without padding: hidden states are <c>[tokens, size]</c>. Attention alone sees rows.</summary>
internal sealed class PackedLayout : TokenLayout
{
    private readonly IReadOnlyList<int> _lengths;
    private readonly Tensor _ids, _places, _firsts;
    private readonly long _batch, _length;

    /// <param name="lengths">The number of tokens of each text; padding follows them.</param>
    /// <param name="ids">The padded batch.</param>
    public PackedLayout(IReadOnlyList<int> lengths, Tensor ids) : base(ids.device)
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

    // Padding follows the tokens, and none looks ahead.
    protected override Tensor? CausalKeys => null;

    public override Tensor Positions { get; }

    public override Tensor Arrange(Tensor values) => values.reshape(-1).index_select(0, _places);

    public override Tensor ToRows(Tensor hidden) =>
        zeros([_batch * _length, hidden.shape[1]], hidden.dtype, hidden.device).index_copy(0, _places, hidden).view(_batch, _length, -1);

    public override Tensor FromRows(Tensor rows) => rows.view(_batch * _length, -1).index_select(0, _places);

    public override Tensor First(Tensor hidden) => hidden.index_select(0, _firsts);

    public override Tensor ClearPadding(Tensor hidden) => hidden;

    public override Tensor At(Tensor hidden, Tensor places) => hidden.index_select(0, _firsts + places);
}
