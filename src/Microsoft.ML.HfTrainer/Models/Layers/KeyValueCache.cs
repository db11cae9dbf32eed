using Microsoft.ML.HfTrainer.Native.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>
/// The keys and values of the tokens that a decoder has read so far, by attention block, and those of the encoder's output, which are projected once. It owns its tensors, whose
/// room grows by doubling.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Dictionary<Attention, GrowingStates> _read = [];
    private readonly Dictionary<Layer, (Tensor Key, Tensor Value)> _memory = [];

    /// <summary>The number of tokens of each text.</summary>
    public long Length => _read.Count == 0 ? 0 : _read.Values.First().Length;

    /// <summary>Adds keys and values, <c>[batch, key heads, tokens, head size]</c>, and returns those of all tokens so far: views of the cache, which the next change of it ends.</summary>
    public (Tensor Key, Tensor Value) Extend(Attention attention, Tensor key, Tensor value)
    {
        if (!_read.TryGetValue(attention, out var states))
            _read[attention] = states = new GrowingStates();
        return states.Append(key, value);
    }

    /// <summary>Returns the keys and values of the encoder's output, which a block projects when they are asked for the first time.</summary>
    /// <param name="block">The block.</param>
    /// <param name="project">Computes them, <c>[batch, tokens, size]</c>.</param>
    public (Tensor Key, Tensor Value) Remember(Layer block, Func<(Tensor Key, Tensor Value)> project)
    {
        if (_memory.TryGetValue(block, out var known))
            return known;
        using var scope = NewDisposeScope();
        var (key, value) = project();
        return _memory[block] = (key.DetachFromDisposeScope(), value.DetachFromDisposeScope());
    }

    /// <summary>Makes each row several rows, one after another.</summary>
    public void Repeat(long times)
    {
        foreach (var states in _read.Values)
            states.Replace(tensor => tensor.repeat_interleave(times, 0));
        foreach (var (block, (key, value)) in _memory.ToList())
        {
            using (key)
            using (value)
                _memory[block] = (key.repeat_interleave(times, 0).DetachFromDisposeScope(), value.repeat_interleave(times, 0).DetachFromDisposeScope());
        }
    }

    /// <summary>Gives each row the tokens of another row that has the same encoder's output.</summary>
    /// <param name="rows">The number of the row whose tokens each row is given, <c>[batch]</c> int64.</param>
    public void Reorder(Tensor rows)
    {
        foreach (var states in _read.Values)
            states.Replace(tensor => tensor.index_select(0, rows));
    }

    public void Dispose()
    {
        foreach (var states in _read.Values)
            states.Dispose();
        foreach (var (key, value) in _memory.Values)
        {
            key.Dispose();
            value.Dispose();
        }
        _read.Clear();
        _memory.Clear();
    }

    /// <summary>The keys and values of one attention block, with room for more.</summary>
    private sealed class GrowingStates : IDisposable
    {
        private const long LeastRoom = 64;

        private Tensor? _key, _value;

        public long Length { get; private set; }

        public (Tensor Key, Tensor Value) Append(Tensor key, Tensor value)
        {
            var (before, added) = (Length, key.shape[2]);
            Length += added;
            _key = WithRoom(_key, key, before);
            _value = WithRoom(_value, value, before);
            return (Write(_key, key), Write(_value, value));

            Tensor Write(Tensor all, Tensor states)
            {
                if (added == 1 && KernelTensors.Accept(states) && KernelTensors.Accept(all))
                    OneTokenAttention.Write(states, all, before);
                else
                    using (var place = all.narrow(2, before, added))
                        place.copy_(states);
                return all.narrow(2, 0, Length);
            }
        }

        public void Replace(Func<Tensor, Tensor> change) => (_key, _value) = (Replaced(_key, change), Replaced(_value, change));

        public void Dispose()
        {
            _key?.Dispose();
            _value?.Dispose();
        }

        private Tensor WithRoom(Tensor? earlier, Tensor states, long used)
        {
            if (earlier is not null && earlier.shape[2] >= Length)
                return earlier;
            using var replaced = earlier;
            using var scope = NewDisposeScope();
            var room = Math.Max(earlier is null ? Length + LeastRoom : 2 * earlier.shape[2], Length);
            var all = empty([states.shape[0], states.shape[1], room, states.shape[3]], states.dtype, states.device);
            if (earlier is not null)
                all.narrow(2, 0, used).copy_(earlier.narrow(2, 0, used));
            return all.DetachFromDisposeScope();
        }

        private static Tensor? Replaced(Tensor? states, Func<Tensor, Tensor> change)
        {
            using var replaced = states;
            return states is null ? null : change(states).DetachFromDisposeScope();
        }
    }
}
