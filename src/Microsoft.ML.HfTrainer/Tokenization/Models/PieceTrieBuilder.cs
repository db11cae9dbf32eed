namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>
/// Builds a <see cref="PieceTrie"/>. Free slots form a ring. The children of a node are placed at the first of a limited number of free slots where
/// all of them fit, otherwise at the end, so that the work is linear in the size of the pieces.
/// </summary>
internal sealed class PieceTrieBuilder
{
    private const int Attempts = 128, Free = -1, Taken = -2;

    private readonly (string Text, int Id)[] _pieces;
    private readonly int[] _ranks = new int[char.MaxValue + 1];
    private PieceTrie.Node[] _nodes = new PieceTrie.Node[256];
    private (int Before, int After)[] _ring = new (int, int)[256];
    private int _count;
    private int _cursor = -1;

    public PieceTrieBuilder(IEnumerable<(string Text, int Id)> pieces)
    {
        _pieces = [.. pieces];
        Array.Sort(_pieces, (a, b) => string.CompareOrdinal(a.Text, b.Text));
        Rank();
    }

    public (int[] Ranks, PieceTrie.Node[] Nodes) Build()
    {
        Append();
        Take(PieceTrie.Root, Taken);
        // No recursion: a long piece would overflow the stack.
        var open = new Stack<(int Node, int From, int To, int Depth)>();
        open.Push((PieceTrie.Root, 0, _pieces.Length, 0));
        var children = new List<(int Rank, int From, int To)>();
        while (open.TryPop(out var next))
        {
            var (node, from, to, depth) = next;
            if (from < to && _pieces[from].Text.Length == depth)
                _nodes[node].Id = _pieces[from++].Id;
            if (from == to)
                continue;
            Group(from, to, depth, children);
            var start = FindBase(children);
            _nodes[node].Base = start;
            foreach (var (rank, childFrom, childTo) in children)
            {
                Take(start + rank, node);
                open.Push((start + rank, childFrom, childTo, depth + 1));
            }
        }
        Array.Resize(ref _nodes, _count);
        return (_ranks, _nodes);
    }

    private void Rank()
    {
        var counts = new int[_ranks.Length];
        foreach (var (text, _) in _pieces)
        {
            foreach (var unit in text)
                counts[unit]++;
        }
        // Units that occur in no piece have rank 0, which no child has.
        var rank = 0;
        foreach (var unit in Enumerable.Range(0, counts.Length).Where(unit => counts[unit] > 0).OrderByDescending(unit => counts[unit]))
            _ranks[unit] = ++rank;
    }

    private void Group(int from, int to, int depth, List<(int Rank, int From, int To)> children)
    {
        children.Clear();
        for (var start = from; start < to;)
        {
            var unit = _pieces[start].Text[depth];
            var end = start + 1;
            while (end < to && _pieces[end].Text[depth] == unit)
                end++;
            children.Add((_ranks[unit], start, end));
            start = end;
        }
    }

    private int FindBase(List<(int Rank, int From, int To)> children)
    {
        var (lowest, highest) = (int.MaxValue, 0);
        foreach (var (rank, _, _) in children)
            (lowest, highest) = (Math.Min(lowest, rank), Math.Max(highest, rank));
        var start = FindFree(lowest, highest, children) ?? FindEnd(lowest, highest, children);
        while (_count <= start + highest)
            Append();
        return start;
    }

    private int? FindFree(int lowest, int highest, List<(int Rank, int From, int To)> children)
    {
        for (var attempt = 0; attempt < Attempts && _cursor >= 0; attempt++)
        {
            var start = _cursor - lowest;
            _cursor = _ring[_cursor].After;
            if (start + highest < _count && Fits(start, children))
                return start;
        }
        return null;
    }

    /// <summary>Returns a base near the end of the array that needs as few new slots as possible.</summary>
    private int FindEnd(int lowest, int highest, List<(int Rank, int From, int To)> children)
    {
        var start = Math.Max(_count - highest, 1 - lowest);
        for (var attempt = 0; attempt < Attempts; attempt++, start++)
        {
            if (Fits(start, children))
                return start;
        }
        return _count - lowest;
    }

    private bool Fits(int start, List<(int Rank, int From, int To)> children)
    {
        foreach (var (rank, _, _) in children)
        {
            if (start + rank < _count && _nodes[start + rank].Parent != Free)
                return false;
        }
        return true;
    }

    private void Append()
    {
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _count);
            Array.Resize(ref _ring, 2 * _count);
        }
        _nodes[_count] = new() { Parent = Free, Id = -1 };
        if (_cursor < 0)
        {
            _ring[_count] = (_count, _count);
            _cursor = _count;
        }
        else
        {
            var before = _ring[_cursor].Before;
            _ring[_count] = (before, _cursor);
            _ring[before].After = _count;
            _ring[_cursor].Before = _count;
        }
        _count++;
    }

    private void Take(int place, int parent)
    {
        var (before, after) = _ring[place];
        _ring[before].After = after;
        _ring[after].Before = before;
        if (_cursor == place)
            _cursor = after == place ? -1 : after;
        _nodes[place].Parent = parent;
    }
}
