using System.Runtime.CompilerServices;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// All pieces that begin at a place of a text, found in one walk: a double-array trie (Aoe, 1989) over UTF-16 units. A unit is looked up by
/// its rank among the units of the pieces, the most frequent first, so that the children of a node stand close together.
/// </summary>
internal sealed class PieceTrie
{
    /// <summary>The node from which every walk begins.</summary>
    public const int Root = 0;

    private readonly int[] _ranks;
    private readonly Node[] _nodes;

    /// <summary>Where the children of a node stand is its base plus their units' ranks; that they are its children, their parent tells.</summary>
    internal struct Node
    {
        public int Base, Parent, Id;
    }

    /// <summary>Makes a trie of pieces, each listed once.</summary>
    public PieceTrie(IEnumerable<(string Text, int Id)> pieces) => (_ranks, _nodes) = new PieceTrieBuilder(pieces).Build();

    /// <summary>The node that <paramref name="unit"/> leads to from <paramref name="node"/>, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int node, char unit)
    {
        var nodes = _nodes;
        var next = nodes[node].Base + _ranks[unit];
        return (uint)next < (uint)nodes.Length && nodes[next].Parent == node ? next : -1;
    }

    /// <summary>The id of the piece that ends at a node, or -1 where none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Id(int node) => _nodes[node].Id;

    /// <summary>The id of the piece that is the whole of <paramref name="text"/>, or -1.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        var node = Root;
        foreach (var unit in text)
        {
            node = Next(node, unit);
            if (node < 0)
                return -1;
        }
        return Id(node);
    }
}
