using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>One row per text, padded to the longest one: hidden states are <c>[batch, length, size]</c>.</summary>
public class PaddedLayout : TokenLayout
{
    private readonly long _length;
    private readonly Tensor? _mask, _positions, _sameText;

    /// <summary>Creates the layout of a batch of token ids.</summary>
    /// <param name="batch">
    /// The batch, of which <c>input_ids</c>, <c>attention_mask</c> and <c>position_ids</c> are read. A row without padding may hold several texts, which do not see each other: where
    /// <c>position_ids</c> start again, or by <c>seq_idx</c> or <c>cu_seq_lens_q</c> if the batch has no <c>position_ids</c>.
    /// </param>
    public PaddedLayout(Batch batch) : this(batch.Get("input_ids").shape[1], batch.Get("input_ids").device, batch.HasPadding ? batch.Find("attention_mask") : null, batch.Find("position_ids"), RowTexts.Of(batch))
    {
    }

    /// <summary>Creates the layout of a tensor of tokens.</summary>
    /// <param name="tokens">A tensor whose second axis is that of tokens, such as ids <c>[batch, length]</c> or embedded patches <c>[batch, length, size]</c>.</param>
    /// <param name="mask">1 at a token and 0 at padding, <c>[batch, length]</c>. If null, there is no padding.</param>
    /// <param name="positions">The position of each token, <c>[batch, length]</c>; where they start again in a row without padding, another text begins. If null, they are counted from 0.</param>
    public PaddedLayout(Tensor tokens, Tensor? mask = null, Tensor? positions = null) : this(tokens.shape[1], tokens.device, mask, positions, positions is null ? null : RowTexts.ByPositions(positions))
    {
    }

    private protected PaddedLayout(long length, Device device, Tensor? mask, Tensor? positions, Tensor? sameText) : base(device)
    {
        (_length, _mask, _positions) = (length, mask, positions);
        KeyMask = mask is null ? null : MaskOf(mask, length);
        _sameText = KeyMask is null ? sameText : null;
    }

    /// <inheritdoc/>
    public override long QueryLength => _length;

    /// <inheritdoc/>
    public override Tensor? KeyMask { get; }

    /// <inheritdoc/>
    public override Tensor Positions => _positions ?? arange(Offset, KeyLength, device: Device).unsqueeze(0);

    internal override bool HasPadding => KeyMask is not null;

    internal override bool HoldsSeveralTexts => _sameText is not null;

    internal override Tensor? VisibleKeys => KeyMask ?? _sameText;

    private protected override Tensor? CausalKeys => VisibleKeys;

    /// <inheritdoc/>
    public override Tensor Arrange(Tensor values) => values;

    /// <inheritdoc/>
    public override Tensor ToPadded(Tensor hidden) => hidden;

    /// <inheritdoc/>
    public override Tensor FromPadded(Tensor rows) => rows;

    /// <inheritdoc/>
    public override Tensor First(Tensor hidden) => hidden.select(1, 0);

    /// <inheritdoc/>
    public override Tensor At(Tensor hidden, Tensor places) => hidden[arange(places.shape[0], device: places.device), places];

    /// <inheritdoc/>
    public override Tensor ClearPadding(Tensor hidden) => KeyMask is null ? hidden : hidden * KeyMask.narrow(-1, Offset, QueryLength).view(hidden.shape[0], -1, 1).to(hidden.dtype);

    internal override TokenLayout Recreate(Tensor? memory = null) => new PaddedLayout(_length, Device, _mask, _positions, _sameText) { Memory = Memory?.Recreate(memory) };

    // Whatever is not 0 is a token, in a mask of real numbers too, as in Hugging Face Transformers.
    private static Tensor MaskOf(Tensor mask, long length) => mask.dim() == 2
        ? mask.to(ScalarType.Bool).unsqueeze(1).unsqueeze(1)
        : throw new ArgumentException($"The batch's 'attention_mask' is [{string.Join(", ", mask.shape)}]; it should be [batch, {length}], with 1 at a token and 0 at padding.");
}
