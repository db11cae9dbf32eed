namespace Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

/// <summary>Finds the longest of many patterns that a text begins with, in time independent of the number of patterns.</summary>
internal sealed class PatternTrie
{
    private const int Root = 0;

    // The children by parent node and UTF-16 unit. One dictionary suffices: it is consulted only where a text nearly matches a pattern.
    private readonly Dictionary<long, int> _children = [];
    private readonly List<AddedToken?> _tokens = [null];

    /// <summary>Adds a non-empty pattern. If the pattern exists already, the first token is kept.</summary>
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

    /// <summary>Returns the token of the longest pattern that <paramref name="text"/> begins with, and the pattern's length; null if there is none.</summary>
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
