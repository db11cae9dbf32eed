using System.Runtime.CompilerServices;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// Finds all pieces that begin at a position of a text in one walk: a double-array trie (Aoe, 1989) over UTF-16 units. Units are mapped to ranks, the
/// most frequent first, so that the children of a node are close together.
/// </summary>
internal sealed class PieceTrie
{
    /// <summary>The root node.</summary>
    public const int Root = 0;

    private readonly int[] _ranks;
    private readonly Node[] _nodes;

    /// <summary>The children of a node are at its base plus the ranks of their units; the parent field verifies that they are its children.</summary>
    internal struct Node
    {
        public int Base, Parent, Id;
    }

    /// <summary>Builds a trie of distinct pieces.</summary>
    public PieceTrie(IEnumerable<(string Text, int Id)> pieces) => (_ranks, _nodes) = new PieceTrieBuilder(pieces).Build();

    /// <summary>Returns the child of <paramref name="node"/> for <paramref name="unit"/>, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int node, char unit)
    {
        var nodes = _nodes;
        var next = nodes[node].Base + _ranks[unit];
        return (uint)next < (uint)nodes.Length && nodes[next].Parent == node ? next : -1;
    }

    /// <summary>Returns the id of the piece that ends at a node, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Id(int node) => _nodes[node].Id;

    /// <summary>Returns the id of the piece equal to <paramref name="text"/>, or -1.</summary>
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
