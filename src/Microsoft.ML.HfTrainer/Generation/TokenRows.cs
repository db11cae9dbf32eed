using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>The tokens of several sequences of one length: on the device for the model and for processors, on the host for criteria and results. It owns its tensor.</summary>
internal sealed class TokenRows : IDisposable
{
    private const long LeastRoom = 64;

    private Tensor _ids;
    private int[][] _rows;

    public TokenRows(Tensor ids)
    {
        Length = (int)ids.shape[1];
        _ids = ids.clone().DetachFromDisposeScope();
        _rows = [.. ToHost(ids.reshape(-1)).Chunk(Length)];
    }

    /// <summary>The number of rows.</summary>
    public int Count => _rows.Length;

    /// <summary>The number of tokens of each row.</summary>
    public int Length { get; private set; }

    /// <summary>The tokens, <c>[rows, length]</c> int64: a view until the next change.</summary>
    public Tensor Ids => _ids.narrow(1, 0, Length);

    /// <summary>The tokens of a row.</summary>
    public ReadOnlySpan<int> this[int row] => _rows[row].AsSpan(0, Length);

    /// <summary>Reads token ids <c>[count]</c> back from the device.</summary>
    public static int[] ToHost(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return [.. ids.cpu().contiguous().data<long>().Select(id => checked((int)id))];
    }

    /// <summary>Adds a token to each row.</summary>
    /// <param name="tokens">The tokens, <c>[rows]</c> int64.</param>
    /// <param name="known">The same on the host.</param>
    public void Append(Tensor tokens, int[] known)
    {
        using var scope = NewDisposeScope();
        if (_ids.shape[1] == Length)
            Replace(cat([_ids, empty([Count, Math.Max(Length, LeastRoom)], ScalarType.Int64, _ids.device)], 1));
        _ids.select(1, Length).copy_(tokens);
        for (var row = 0; row < Count; row++)
        {
            if (_rows[row].Length == Length)
                Array.Resize(ref _rows[row], 2 * Length);
            _rows[row][Length] = known[row];
        }
        Length++;
    }

    /// <summary>Makes each row several rows, one after another.</summary>
    public void Repeat(int times)
    {
        Replace(_ids.repeat_interleave(times, 0));
        _rows = [.. _rows.SelectMany(row => Enumerable.Range(0, times).Select(_ => (int[])row.Clone()))];
    }

    /// <summary>Gives each row the tokens of another.</summary>
    /// <param name="rows">The number of the row whose tokens each row is given.</param>
    /// <param name="index">The same on the device, int64.</param>
    public void Reorder(int[] rows, Tensor index)
    {
        Replace(_ids.index_select(0, index));
        _rows = [.. rows.Select(row => (int[])_rows[row].Clone())];
    }

    public void Dispose() => _ids.Dispose();

    private void Replace(Tensor ids)
    {
        _ids.Dispose();
        _ids = ids.DetachFromDisposeScope();
    }
}
