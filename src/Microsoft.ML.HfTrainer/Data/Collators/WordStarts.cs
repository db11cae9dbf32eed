using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>
/// Finds the words of a batch: a word starts at a token that does not start where the preceding token ended, or that follows a special token. Special tokens belong to
/// no word.
/// </summary>
internal sealed class WordStarts
{
    private readonly bool[] _starts, _special;
    private readonly long[] _shape;

    /// <param name="offsets">The start and end of each token, int64 <c>[batch, length, 2]</c>.</param>
    /// <param name="special">true for special tokens, <c>[batch, length]</c>.</param>
    public WordStarts(Tensor offsets, Tensor special)
    {
        _shape = special.shape;
        _special = special.data<bool>().ToArray();
        _starts = new bool[_special.Length];
        var (ends, length) = (offsets.data<long>().ToArray(), (int)_shape[^1]);
        for (var i = 0; i < _starts.Length; i++)
            _starts[i] = !_special[i] && (i % length == 0 || _special[i - 1] || ends[2 * i] != ends[2 * (i - 1) + 1]);
    }

    /// <summary>Gets a Boolean tensor <c>[batch, length]</c> that is false for the first token of each word and true elsewhere.</summary>
    public Tensor Continuations => tensor(Array.ConvertAll(_starts, start => !start)).view(_shape);

    /// <summary>Returns a Boolean tensor <c>[batch, length]</c> that has the value of the first token of each word at all its tokens.</summary>
    public Tensor ExpandToWords(Tensor first)
    {
        var values = first.data<bool>().ToArray();
        for (var i = 0; i < values.Length; i++)
            values[i] = !_special[i] && (_starts[i] ? values[i] : values[i - 1]);
        return tensor(values).view(_shape);
    }
}
