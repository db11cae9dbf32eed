using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>Which pairs of tokens merge, in what order and into what: a hash table with open addressing.</summary>
internal sealed class MergeTable
{
    /// <summary>What <see cref="Find"/> gives for a pair that does not merge: more than any merge.</summary>
    public const long None = long.MaxValue;

    private const ulong Empty = ulong.MaxValue;

    private readonly ulong[] _pairs;
    private readonly long[] _merges;
    private readonly int _shift;

    /// <summary>Makes a table for up to <paramref name="count"/> pairs.</summary>
    public MergeTable(int count)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * count, 16));
        _pairs = new ulong[size];
        _merges = new long[size];
        _shift = 64 - BitOperations.Log2((uint)size);
        Array.Fill(_pairs, Empty);
    }

    /// <summary>Adds a pair; of a pair that comes twice the later rank counts, as in the original.</summary>
    public void Add(int left, int right, int rank, int merged)
    {
        var place = Place(left, right, out var pair);
        _pairs[place] = pair;
        _merges[place] = ((long)rank << 32) | (uint)merged;
    }

    /// <summary>The merge of a pair, or <see cref="None"/>: the lesser comes first. <see cref="Merged"/> has what it gives.</summary>
    public long Find(int left, int right)
    {
        var place = Place(left, right, out var pair);
        return _pairs[place] == pair ? _merges[place] : None;
    }

    /// <summary>The token that a merge gives.</summary>
    public static int Merged(long merge) => (int)merge;

    /// <summary>The place of a merge in the order of merges.</summary>
    public static int Rank(long merge) => (int)(merge >> 32);

    private int Place(int left, int right, out ulong pair)
    {
        pair = ((ulong)(uint)left << 32) | (uint)right;
        var place = (int)((pair * 0x9E3779B97F4A7C15) >> _shift);
        while (_pairs[place] != pair && _pairs[place] != Empty)
            place = (place + 1) & (_pairs.Length - 1);
        return place;
    }
}
