using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Tokens of a vocabulary as a mask.</summary>
internal static class TokenMask
{
    /// <summary>Returns true at some token ids, <c>[vocabulary]</c>; ids beyond the vocabulary are left out.</summary>
    public static Tensor Of(IEnumerable<int> ids, long vocabulary, Device device)
    {
        var mask = new bool[vocabulary];
        foreach (var id in ids.Where(id => id >= 0 && id < vocabulary))
            mask[id] = true;
        return tensor(mask, device: device);
    }
}
