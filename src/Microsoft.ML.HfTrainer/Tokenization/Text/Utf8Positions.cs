using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>
/// Converts UTF-8 byte positions of a text to UTF-16 positions, requested in ascending order. A byte inside a character is mapped to the whole
/// character.
/// </summary>
internal ref struct Utf8Positions(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    // The last character found: its start and end in UTF-16 units, and its end in bytes.
    private int _start;
    private int _end;
    private int _endByte;

    /// <summary>Returns the start of the character that contains the byte.</summary>
    public int Start(int index)
    {
        MoveTo(index);
        return index < _endByte ? _start : _end;
    }

    /// <summary>Returns the end of the character that contains the byte before the given one.</summary>
    public int End(int index)
    {
        MoveTo(index - 1);
        return index == 0 ? 0 : _end;
    }

    private void MoveTo(int index)
    {
        while (_endByte <= index && _end < _text.Length)
        {
            _start = _end;
            if (_text[_end] < 0x80)
            {
                _end++;
                _endByte++;
                continue;
            }
            Rune.DecodeFromUtf16(_text[_end..], out var rune, out var width);
            _end += width;
            _endByte += rune.Utf8SequenceLength;
        }
    }
}
