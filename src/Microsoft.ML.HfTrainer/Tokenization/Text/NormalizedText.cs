using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>
/// A stretch of text that normalizers transform, with the range of the source text that each UTF-16 unit comes from. While every change replaces
/// one unit by one unit, no alignment is stored: unit i comes from original unit origin + i.
/// </summary>
internal sealed class NormalizedText
{
    private char[] _chars = new char[128];
    private int[] _starts = [];
    private int[] _ends = [];
    private int _length;
    private int _origin;
    private bool _aligned;
    private NormalizedText? _derived;

    private char[] _newChars = [];
    private int[] _newStarts = [];
    private int[] _newEnds = [];
    private int _newLength;
    private int _consumed;
    private (int Start, int End) _lastConsumed;

    /// <summary>The current text. A unit may be replaced in place if the new unit is aligned to the old one alone.</summary>
    public Span<char> Chars => _chars.AsSpan(0, _length);

    public int Length => _length;

    /// <summary>The number of units that fit without reallocation.</summary>
    public int Capacity => Math.Max(_chars.Length, _newChars.Length);

    /// <summary>
    /// The buffer to which pre-tokenizers that transform text append their words. It is kept until this text is reset, so that several words can use
    /// it.
    /// </summary>
    public NormalizedText Derived => _derived ??= new NormalizedText { _aligned = true };

    /// <summary>
    /// Starts over with <paramref name="text"/>, located at <paramref name="origin"/> in the source text. Lone surrogates become U+FFFD, as in a
    /// conversion to UTF-8.
    /// </summary>
    public void Reset(ReadOnlySpan<char> text, int origin)
    {
        if (_chars.Length < text.Length)
            _chars = new char[Math.Max(text.Length, 2 * _chars.Length)];
        text.CopyTo(_chars);
        _length = text.Length;
        MendSurrogates(Chars);
        _origin = origin;
        _aligned = false;
        _derived?.Clear();
    }

    /// <summary>Appends a character that comes from the range <paramref name="from"/> of the source text.</summary>
    public void Append(char character, (int Start, int End) from)
    {
        Reserve(1);
        _chars[_length] = character;
        _starts[_length] = from.Start;
        _ends[_length++] = from.End;
    }

    /// <summary>Appends the units of another text from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public void Append(NormalizedText source, int start, int end)
    {
        var count = end - start;
        Reserve(count);
        source.Chars[start..end].CopyTo(_chars.AsSpan(_length));
        source.CopyAlignment(start, end, _starts.AsSpan(_length, count), _ends.AsSpan(_length, count));
        _length += count;
    }

    /// <summary>Returns the range of the source text for the non-empty range of units from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public (int Start, int End) Original(int start, int end) =>
        _aligned ? (_starts[start], _ends[end - 1]) : (_origin + start, _origin + end);

    /// <summary>
    /// Begins a rewrite that inserts or removes characters. Call <see cref="Replace"/>, <see cref="Keep"/>, <see cref="Insert"/> and
    /// <see cref="Skip"/> from the first character to the last, then <see cref="EndRewrite"/>.
    /// </summary>
    public void BeginRewrite()
    {
        _newLength = 0;
        _consumed = 0;
        _lastConsumed = _length == 0 ? (_origin, _origin) : (Original(0, 1).Start, Original(0, 1).Start);
    }

    /// <summary>Replaces the next character of the old text by <paramref name="rune"/>.</summary>
    public void Replace(Rune rune)
    {
        Skip();
        Write(rune, _lastConsumed);
    }

    /// <summary>Keeps the next <paramref name="units"/> units of the old text, which end with a whole character.</summary>
    public void Keep(int units)
    {
        if (units == 0)
            return;
        ReserveNew(units);
        var next = _consumed + units;
        _chars.AsSpan(_consumed, units).CopyTo(_newChars.AsSpan(_newLength));
        CopyAlignment(_consumed, next, _newStarts.AsSpan(_newLength), _newEnds.AsSpan(_newLength));
        _newLength += units;
        var last = units > 1 && char.IsSurrogatePair(_chars[next - 2], _chars[next - 1]) ? next - 2 : next - 1;
        _lastConsumed = Original(last, next);
        _consumed = next;
    }

    /// <summary>Inserts <paramref name="rune"/>, aligned to the old character consumed last.</summary>
    public void Insert(Rune rune) => Write(rune, _lastConsumed);

    /// <summary>Drops the next character of the old text.</summary>
    public void Skip()
    {
        var width = PeekWidth();
        _lastConsumed = Original(_consumed, _consumed + width);
        _consumed += width;
    }

    /// <summary>Commits the rewritten text.</summary>
    public void EndRewrite()
    {
        (_chars, _newChars) = (_newChars, _chars);
        (_starts, _newStarts) = (_newStarts, _starts);
        (_ends, _newEnds) = (_newEnds, _ends);
        _length = _newLength;
        _aligned = true;
    }

    private static void MendSurrogates(Span<char> chars)
    {
        for (var i = 0; chars[i..].IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var next;)
        {
            i += next;
            if (i + 1 < chars.Length && char.IsSurrogatePair(chars[i], chars[i + 1]))
                i++;
            else
                chars[i] = '\uFFFD';
            i++;
        }
    }

    private int PeekWidth()
    {
        var rest = _chars.AsSpan(_consumed, _length - _consumed);
        return rest.Length > 1 && char.IsSurrogatePair(rest[0], rest[1]) ? 2 : 1;
    }

    private void Write(Rune rune, (int Start, int End) from)
    {
        ReserveNew(2);
        var width = rune.EncodeToUtf16(_newChars.AsSpan(_newLength));
        for (; width > 0; width--)
        {
            _newStarts[_newLength] = from.Start;
            _newEnds[_newLength++] = from.End;
        }
    }

    private void Clear()
    {
        _length = 0;
        _derived?.Clear();
    }

    private void CopyAlignment(int start, int end, Span<int> starts, Span<int> ends)
    {
        if (_aligned)
        {
            _starts.AsSpan(start, end - start).CopyTo(starts);
            _ends.AsSpan(start, end - start).CopyTo(ends);
            return;
        }
        for (var i = 0; i < end - start; i++)
        {
            starts[i] = _origin + start + i;
            ends[i] = _origin + start + i + 1;
        }
    }

    private void Reserve(int units) => Grow(_length + units, ref _chars, ref _starts, ref _ends);

    private void ReserveNew(int units)
    {
        if (_newLength + units > _newStarts.Length)
            Grow(Math.Max(_newLength + units, _length + 16), ref _newChars, ref _newStarts, ref _newEnds);
    }

    private static void Grow(int needed, ref char[] chars, ref int[] starts, ref int[] ends)
    {
        if (needed <= starts.Length && needed <= chars.Length)
            return;
        var size = Math.Max(needed, 2 * starts.Length);
        Array.Resize(ref chars, Math.Max(size, chars.Length));
        Array.Resize(ref starts, chars.Length);
        Array.Resize(ref ends, chars.Length);
    }
}
