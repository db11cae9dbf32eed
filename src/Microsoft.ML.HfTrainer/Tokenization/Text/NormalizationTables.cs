namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>Lookups in <see cref="NormalizationData"/>: the decomposition of a code point, combining classes, the composition of two code points.</summary>
internal sealed class NormalizationTables
{
    private static readonly Lazy<NormalizationTables> Lazy = new(() => new NormalizationTables(NormalizationData.Read()));

    // One page per 256 code points; null if none of them has an entry.
    private readonly (int Start, byte Length, bool Compatibility)[]?[] _decompositions = new (int, byte, bool)[]?[0x1100];
    private readonly byte[]?[] _classes = new byte[]?[0x1100];
    private readonly Dictionary<(int, int), int> _compositions = [];
    private readonly HashSet<int> _seconds = [];
    private readonly int[] _pool;

    private NormalizationTables(ReadOnlySpan<byte> data)
    {
        var pool = new List<int>();
        for (int i = 0, count = Number(ref data), codePoint = 0; i < count; i++)
        {
            codePoint += Number(ref data);
            var header = Number(ref data);
            var (start, length, compatibility, excluded) = (pool.Count, header >> 2, (header & 1) != 0, (header & 2) != 0);
            for (var j = 0; j < length; j++)
                pool.Add(Number(ref data));
            if (UnicodeDifferences.Decompositions.Contains(codePoint))
                continue;
            Page(_decompositions, codePoint)[codePoint & 0xFF] = (start, (byte)length, compatibility);
            if (compatibility || excluded)
                continue;
            _compositions.Add((pool[start], pool[start + 1]), codePoint);
            _seconds.Add(pool[start + 1]);
        }
        for (int i = 0, count = Number(ref data), first = 0; i < count; i++)
        {
            first += Number(ref data);
            var (length, combiningClass) = (Number(ref data), (byte)Number(ref data));
            for (var codePoint = first; codePoint < first + length; codePoint++)
                Page(_classes, codePoint)[codePoint & 0xFF] = UnicodeDifferences.CombiningClasses.Contains(codePoint) ? (byte)0 : combiningClass;
        }
        _pool = [.. pool];
    }

    public static NormalizationTables Instance => Lazy.Value;

    /// <summary>The canonical combining class: 0 for starters.</summary>
    public byte CombiningClass(int codePoint) => _classes[codePoint >> 8] is { } page ? page[codePoint & 0xFF] : (byte)0;

    /// <summary>Returns the one-level decomposition, or an empty span if there is none of the requested kind. The tables do not include Hangul.</summary>
    public ReadOnlySpan<int> Decomposition(int codePoint, bool compatibility)
    {
        if (_decompositions[codePoint >> 8] is not { } page)
            return [];
        var entry = page[codePoint & 0xFF];
        return entry.Compatibility && !compatibility ? [] : _pool.AsSpan(entry.Start, entry.Length);
    }

    /// <summary>Returns the composition of two code points, or -1.</summary>
    public int Composition(int first, int second) => _compositions.GetValueOrDefault((first, second), -1);

    /// <summary>Indicates whether the code point is the second one of any composition.</summary>
    public bool IsSecond(int codePoint) => _seconds.Contains(codePoint);

    private static T[] Page<T>(T[]?[] pages, int codePoint) => pages[codePoint >> 8] ??= new T[256];

    private static int Number(ref ReadOnlySpan<byte> data)
    {
        for (int value = 0, shift = 0, i = 0; ; i++, shift += 7)
        {
            value |= (data[i] & 0x7F) << shift;
            if (data[i] < 0x80)
            {
                data = data[(i + 1)..];
                return value;
            }
        }
    }
}
