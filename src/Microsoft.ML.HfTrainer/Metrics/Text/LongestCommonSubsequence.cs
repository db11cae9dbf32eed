namespace Microsoft.ML.HfTrainer.Metrics.Text;

/// <summary>Computes the longest common subsequence of two sequences.</summary>
internal sealed class LongestCommonSubsequence
{
    private int[] _lengths = [];

    public int Length(ReadOnlySpan<int> a, ReadOnlySpan<int> b) => Fill(a, b)[^1];

    /// <summary>Marks the items of <paramref name="a"/> that are part of a longest common subsequence.</summary>
    public void Mark(ReadOnlySpan<int> a, ReadOnlySpan<int> b, bool[] marks)
    {
        var lengths = Fill(a, b);
        var width = b.Length + 1;
        for (int i = a.Length, j = b.Length; i > 0 && j > 0;)
        {
            if (a[i - 1] == b[j - 1])
            {
                marks[i - 1] = true;
                i--;
                j--;
            }
            else if (lengths[i * width + j - 1] > lengths[(i - 1) * width + j])
            {
                j--;
            }
            else
            {
                i--;
            }
        }
    }

    // Row i, column j: the length for the first i items of a and the first j of b.
    private ReadOnlySpan<int> Fill(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var width = b.Length + 1;
        if (_lengths.Length < (a.Length + 1) * width)
            _lengths = new int[(a.Length + 1) * width];
        _lengths.AsSpan(0, width).Clear();
        for (var i = 0; i < a.Length; i++)
        {
            var above = _lengths.AsSpan(i * width, width);
            var row = _lengths.AsSpan((i + 1) * width, width);
            row[0] = 0;
            for (var j = 0; j < b.Length; j++)
                row[j + 1] = a[i] == b[j] ? above[j] + 1 : Math.Max(above[j + 1], row[j]);
        }
        return _lengths.AsSpan(0, (a.Length + 1) * width);
    }
}
