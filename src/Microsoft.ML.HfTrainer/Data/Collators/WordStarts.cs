using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>
/// The words of a batch: one begins at a token that does not start where the token before ended, or that follows a special token; special tokens are in none.
/// </summary>
internal sealed class WordStarts
{
    private readonly bool[] _starts, _special;
    private readonly long[] _shape;

    /// <param name="offsets">Start and end of each token, <c>[batch, length, 2]</c> int64.</param>
    /// <param name="special">True at special tokens, <c>[batch, length]</c>.</param>
    public WordStarts(Tensor offsets, Tensor special)
    {
        _shape = special.shape;
        _special = special.data<bool>().ToArray();
        _starts = new bool[_special.Length];
        var (ends, length) = (offsets.data<long>().ToArray(), (int)_shape[^1]);
        for (var i = 0; i < _starts.Length; i++)
            _starts[i] = !_special[i] && (i % length == 0 || _special[i - 1] || ends[2 * i] != ends[2 * (i - 1) + 1]);
    }

    /// <summary>True everywhere but at the first tokens of words.</summary>
    public Tensor Others => tensor(Array.ConvertAll(_starts, start => !start)).view(_shape);

    /// <summary>True at all tokens of the words at whose first token it is true.</summary>
    public Tensor Spread(Tensor first)
    {
        var values = first.data<bool>().ToArray();
        for (var i = 0; i < values.Length; i++)
            values[i] = !_special[i] && (_starts[i] ? values[i] : values[i - 1]);
        return tensor(values).view(_shape);
    }
}
