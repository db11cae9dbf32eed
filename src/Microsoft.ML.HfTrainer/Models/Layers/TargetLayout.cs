using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>What an encoder gave for the texts of a batch.</summary>
/// <param name="Hidden">Hidden states in the layout.</param>
/// <param name="Layout">How they lie.</param>
internal sealed record Memory(Tensor Hidden, TokenLayout Layout);

/// <summary>The texts that a decoder writes, one row each, and what it reads while it writes them.</summary>
internal sealed class TargetLayout : PaddedLayout
{
    private readonly long[] _shape;
    private readonly Tensor? _mask;

    /// <param name="ids">The decoder's tokens, <c>[batch, length]</c>.</param>
    /// <param name="mask">1 where there is a token, 0 where there is padding, as <paramref name="ids"/>; null: no padding is hidden.</param>
    /// <param name="memory">What the encoder gave.</param>
    public TargetLayout(Tensor ids, Tensor? mask, Memory memory) : base(ids, mask) => (_shape, _mask, Memory) = (ids.shape, mask, memory);

    public Memory Memory { get; }

    public override TokenLayout Again() => Again(Memory.Hidden);

    /// <summary>The same layout once more, for when the tensors of this one are disposed, with what the encoder gave.</summary>
    // The tokens may have been made of labels in the forward pass; of them only places are needed now.
    public TargetLayout Again(Tensor memory) => new(zeros(_shape, ScalarType.Int64, memory.device), _mask, new Memory(memory, Memory.Layout.Again()));
}
