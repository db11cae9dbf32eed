using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The output of an encoder, which a decoder attends to.</summary>
/// <param name="Hidden">Hidden states in the layout.</param>
/// <param name="Layout">The layout of the encoder's tokens.</param>
public sealed record Memory(Tensor Hidden, TokenLayout Layout);

/// <summary>The layout of a decoder's tokens, one row a text, with the encoder output that the decoder attends to.</summary>
public sealed class TargetLayout : PaddedLayout
{
    private readonly Tensor? _mask;

    /// <summary>Creates the layout of a decoder's tokens.</summary>
    /// <param name="ids">The decoder's tokens, <c>[batch, length]</c>.</param>
    /// <param name="mask">1 at a token and 0 at padding, <c>[batch, length]</c>. If null, no padding is hidden.</param>
    /// <param name="memory">The encoder's output.</param>
    public TargetLayout(Tensor ids, Tensor? mask, Memory memory) : this(ids.shape[1], ids.device, mask, memory)
    {
    }

    private TargetLayout(long length, Device device, Tensor? mask, Memory memory) : base(length, device, mask, positions: null) => (_mask, Memory) = (mask, memory);

    /// <summary>The encoder's output.</summary>
    public Memory Memory { get; }

    internal override TokenLayout Recreate() => Recreate(Memory.Hidden);

    /// <summary>Returns the same layout with tensors of its own and with the encoder's hidden states given.</summary>
    internal TargetLayout Recreate(Tensor memory) => new(QueryLength, memory.device, _mask, new Memory(memory, Memory.Layout.Recreate()));
}
