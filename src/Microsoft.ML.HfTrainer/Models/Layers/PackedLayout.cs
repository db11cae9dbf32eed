using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>All texts of a batch one after another without padding: hidden states are <c>[tokens, size]</c>. Only attention and some heads see one row per text.</summary>
public sealed class PackedLayout : TokenLayout
{
    private readonly IReadOnlyList<int> _lengths;
    private readonly Tensor _places, _firsts;
    private readonly long _batch, _length;

    /// <summary>Creates the layout of texts of which a padded batch is made.</summary>
    /// <param name="lengths">The number of tokens of each text.</param>
    /// <param name="length">The length of the padded batch, whose padding follows the tokens.</param>
    /// <param name="device">The device.</param>
    public PackedLayout(IReadOnlyList<int> lengths, long length, Device device) : base(device)
    {
        (_lengths, _batch, _length) = (lengths, lengths.Count, length);
        var places = new long[lengths.Sum()];
        var firsts = new long[lengths.Count];
        var next = 0;
        for (var row = 0; row < lengths.Count; row++)
        {
            firsts[row] = next;
            for (var i = 0; i < lengths[row]; i++)
                places[next++] = row * length + i;
        }
        (_places, _firsts) = (tensor(places, device: device), tensor(firsts, device: device));
        Positions = _places.remainder(length);
        var ends = tensor(lengths.Select(l => (long)l).ToArray(), device: device).view(-1, 1, 1, 1);
        KeyMask = arange(length, device: device).view(1, 1, 1, -1).less(ends);
    }

    /// <inheritdoc/>
    public override long QueryLength => _length;

    /// <inheritdoc/>
    public override Tensor? KeyMask { get; }

    /// <inheritdoc/>
    public override Tensor Positions { get; }

    internal override bool HasPadding => false;

    // Padding follows the tokens, and causal attention never looks ahead.
    private protected override Tensor? CausalKeys => null;

    /// <inheritdoc/>
    public override Tensor Arrange(Tensor values) => values.reshape(-1).index_select(0, _places);

    /// <inheritdoc/>
    public override Tensor ToPadded(Tensor hidden) =>
        zeros([_batch * _length, hidden.shape[1]], hidden.dtype, hidden.device).index_copy(0, _places, hidden).view(_batch, _length, -1);

    /// <inheritdoc/>
    public override Tensor FromPadded(Tensor rows) => rows.view(_batch * _length, -1).index_select(0, _places);

    /// <inheritdoc/>
    public override Tensor First(Tensor hidden) => hidden.index_select(0, _firsts);

    /// <inheritdoc/>
    public override Tensor At(Tensor hidden, Tensor places) => hidden.index_select(0, _firsts + places);

    /// <inheritdoc/>
    public override Tensor ClearPadding(Tensor hidden) => hidden;

    internal override TokenLayout Recreate(Tensor? memory = null) => new PackedLayout(_lengths, _length, Device);
}
