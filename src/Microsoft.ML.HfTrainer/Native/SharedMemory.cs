using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>Tells tensors that have the same elements in memory.</summary>
internal static class SharedMemory
{
    private static readonly ScriptFunctions _script = new("""
        def is_set_to(one: Tensor, other: Tensor) -> Tensor:
            return torch.tensor(one.is_set_to(other))

        """);

    /// <summary>Returns true if both are views of the same memory with the same shape, so that a change of one is a change of the other.</summary>
    public static bool IsSame(Tensor one, Tensor other)
    {
        if (ReferenceEquals(one, other))
            return true;
        if (one.numel() == 0 || one.dtype != other.dtype || !one.shape.AsSpan().SequenceEqual(other.shape))
            return false;
        using var same = _script.Call("is_set_to", one, other);
        return same.item<bool>();
    }
}
