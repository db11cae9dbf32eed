using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>
/// Places among the UTF-8 bytes of a text as places among its UTF-16 units, asked for from left to right. A byte inside a character stands
/// for the whole of it.
/// </summary>
internal ref struct Utf8Places(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    // The character that was found last: where it begins and ends, in units and in bytes.
    private int _start;
    private int _end;
    private int _endByte;

    /// <summary>Where the character begins that holds the byte.</summary>
    public int Start(int index)
    {
        MoveTo(index);
        return index < _endByte ? _start : _end;
    }

    /// <summary>Where the character ends that holds the byte before this one.</summary>
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
