using System.Globalization;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>A set of code points, given as hexadecimal numbers and ranges: <c>7FD 897-89F</c>.</summary>
internal sealed class CodePointSet
{
    // One page of bits per 256 code points; null if the set contains none of them.
    private readonly ulong[]?[] _pages = new ulong[]?[0x1100];

    public CodePointSet(string ranges)
    {
        foreach (var range in ranges.Split(' '))
        {
            var ends = range.Split('-');
            for (int codePoint = Number(ends[0]), last = Number(ends[^1]); codePoint <= last; codePoint++)
                (_pages[codePoint >> 8] ??= new ulong[4])[(codePoint >> 6) & 3] |= 1UL << (codePoint & 0x3F);
        }
    }

    public bool Contains(int codePoint) => _pages[codePoint >> 8] is { } page && (page[(codePoint >> 6) & 3] >> (codePoint & 0x3F) & 1) != 0;

    private static int Number(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
