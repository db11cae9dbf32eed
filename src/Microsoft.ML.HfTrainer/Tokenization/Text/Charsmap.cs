using System.Buffers.Binary;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>
/// A SentencePiece replacement table: a double-array trie over the UTF-8 keys (in the layout of darts-clone), followed by the replacements in UTF-8,
/// each terminated by a zero byte.
/// </summary>
internal sealed class Charsmap
{
    private const uint Value = 0x8000_0000;

    // Far longer than any key; the trie of a damaged table may have cycles.
    private const int LongestKey = 256;

    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">The table is inconsistent.</exception>
    public Charsmap(ReadOnlySpan<byte> table)
    {
        if (table.Length < sizeof(uint))
            throw new FormatException($"the table has {table.Length} bytes, too few for the size of its trie.");
        var size = BinaryPrimitives.ReadUInt32LittleEndian(table);
        table = table[sizeof(uint)..];
        if (size == 0 || size % sizeof(uint) != 0 || size > table.Length)
        {
            throw new FormatException(
                $"the size of the trie is given as {size} bytes; it must be a multiple of 4, above 0 and at most the {table.Length} bytes there are.");
        }
        _units = new uint[size / sizeof(uint)];
        for (var i = 0; i < _units.Length; i++)
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(sizeof(uint) * i)..]);
        _replacements = table[(int)size..].ToArray();
        if (!System.Text.Unicode.Utf8.IsValid(_replacements))
            throw new FormatException("the replacements are not UTF-8 text.");
        Check();
    }

    /// <summary>
    /// Finds the shortest key that <paramref name="text"/> begins with and returns its replacement, which may be empty; returns false if there is
    /// none.
    /// </summary>
    public bool TryFind(scoped ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        replacement = default;
        var position = Offset(_units[0]);
        foreach (var label in text)
        {
            position ^= label;
            // Keys are terminated by a zero byte, so none contains it.
            if (label == 0 || position >= _units.Length || (_units[position] & (Value | 0xFF)) != label)
                return false;
            var unit = _units[position];
            position ^= Offset(unit);
            if (!HasValue(unit))
                continue;
            replacement = Replacement(position);
            return true;
        }
        return false;
    }

    /// <summary>Finds the longest key that <paramref name="text"/> begins with; returns its replacement and its length in bytes.</summary>
    public bool TryFindLongest(scoped ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement, out int length)
    {
        replacement = default;
        length = 0;
        var position = Offset(_units[0]);
        for (var i = 0; i < Math.Min(text.Length, LongestKey); i++)
        {
            position ^= text[i];
            if (text[i] == 0 || position >= _units.Length || (_units[position] & (Value | 0xFF)) != text[i])
                break;
            var unit = _units[position];
            position ^= Offset(unit);
            if (!HasValue(unit))
                continue;
            replacement = Replacement(position);
            length = i + 1;
        }
        return length > 0;
    }

    private ReadOnlySpan<byte> Replacement(int position)
    {
        ReadOnlySpan<byte> replacement = _replacements.AsSpan((int)(_units[position] & ~Value));
        var end = replacement.IndexOf((byte)0);
        return end < 0 ? replacement : replacement[..end];
    }

    // Lookups rely on this: a unit with a value leads to a unit within the trie, and the value points to the start of a character.
    private void Check()
    {
        for (var i = 0; i < _units.Length; i++)
        {
            var unit = _units[i];
            if ((unit & Value) != 0 || !HasValue(unit))
                continue;
            var place = i ^ Offset(unit);
            if (place >= _units.Length)
                throw new FormatException($"unit {i} of the trie leads to unit {place}, but there are {_units.Length}.");
            var start = _units[place] & ~Value;
            if (start > _replacements.Length || (start < _replacements.Length && (_replacements[start] & 0xC0) == 0x80))
            {
                throw new FormatException(
                    $"unit {place} of the trie leads to byte {start} of the {_replacements.Length} bytes of replacements, where no character begins.");
            }
        }
    }

    private static bool HasValue(uint unit) => (unit & 0x100) != 0;

    private static int Offset(uint unit) => (int)((unit >> 10) << (int)((unit & 0x200) >> 6));
}
