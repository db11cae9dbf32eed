namespace Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

/// <summary>Finds the longest of many patterns with which a text begins, in time that the number of patterns does not matter for.</summary>
internal sealed class PatternTrie
{
    private const int Root = 0;

    // A node's children by node and unit. There are few: only where a text comes near a pattern are they asked for.
    private readonly Dictionary<long, int> _children = [];
    private readonly List<AddedToken?> _tokens = [null];

    /// <summary>Adds a pattern, which is not empty; of equal ones the first stays.</summary>
    public void Add(string pattern, AddedToken token)
    {
        var node = Root;
        foreach (var unit in pattern)
        {
            if (!_children.TryGetValue(Edge(node, unit), out var child))
            {
                _children.Add(Edge(node, unit), child = _tokens.Count);
                _tokens.Add(null);
            }
            node = child;
        }
        _tokens[node] ??= token;
    }

    /// <summary>The token of the longest pattern with which <paramref name="text"/> begins, and the pattern's length; null if there is none.</summary>
    public AddedToken? Longest(ReadOnlySpan<char> text, out int length)
    {
        AddedToken? longest = null;
        length = 0;
        var node = Root;
        for (var i = 0; i < text.Length && _children.TryGetValue(Edge(node, text[i]), out node); i++)
        {
            if (_tokens[node] is { } token)
                (longest, length) = (token, i + 1);
        }
        return longest;
    }

    private static long Edge(int node, char unit) => ((long)node << 16) | unit;
}
