using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The keys and values of the tokens that a causal decoder has read so far, by attention block. It owns its tensors.</summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Dictionary<Attention, (Tensor Key, Tensor Value)> _states = [];

    /// <summary>The number of tokens of each text.</summary>
    public long Length => _states.Count == 0 ? 0 : _states.Values.First().Key.shape[2];

    /// <summary>Adds keys and values, <c>[batch, key heads, tokens, head size]</c>, and returns those of all tokens so far.</summary>
    public (Tensor Key, Tensor Value) Extend(Attention attention, Tensor key, Tensor value)
    {
        var extended = _states.Remove(attention, out var earlier) ? (Append(earlier.Key, key), Append(earlier.Value, value)) : (Keep(key.clone()), Keep(value.clone()));
        return _states[attention] = extended;
    }

    public void Dispose()
    {
        foreach (var (key, value) in _states.Values)
        {
            key.Dispose();
            value.Dispose();
        }
        _states.Clear();
    }

    private static Tensor Append(Tensor earlier, Tensor later)
    {
        using var replaced = earlier;
        return Keep(cat([earlier, later], 2));
    }

    private static Tensor Keep(Tensor states) => states.DetachFromDisposeScope();
}
