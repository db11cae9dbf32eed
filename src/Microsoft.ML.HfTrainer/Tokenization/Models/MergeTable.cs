using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>Maps pairs of tokens to the rank and result of their merge: a hash table with open addressing.</summary>
internal sealed class MergeTable
{
    /// <summary>The result of <see cref="Find"/> for a pair without a merge; greater than any merge.</summary>
    public const long None = long.MaxValue;

    private const ulong Empty = ulong.MaxValue;

    private readonly ulong[] _pairs;
    private readonly long[] _merges;
    private readonly int _shift;

    /// <summary>Creates a table for up to <paramref name="count"/> pairs.</summary>
    public MergeTable(int count)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * count, 16));
        _pairs = new ulong[size];
        _merges = new long[size];
        _shift = 64 - BitOperations.Log2((uint)size);
        Array.Fill(_pairs, Empty);
    }

    /// <summary>Adds a pair. If it is already in the table, the later rank wins, as in Hugging Face tokenizers.</summary>
    public void Add(int left, int right, int rank, int merged)
    {
        var place = Place(left, right, out var pair);
        _pairs[place] = pair;
        _merges[place] = ((long)rank << 32) | (uint)merged;
    }

    /// <summary>Returns the merge of a pair, or <see cref="None"/>. The lesser of two merges has priority; <see cref="Merged"/> returns its result.</summary>
    public long Find(int left, int right)
    {
        var place = Place(left, right, out var pair);
        return _pairs[place] == pair ? _merges[place] : None;
    }

    /// <summary>Returns the token that a merge produces.</summary>
    public static int Merged(long merge) => (int)merge;

    /// <summary>Returns the rank of a merge.</summary>
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
