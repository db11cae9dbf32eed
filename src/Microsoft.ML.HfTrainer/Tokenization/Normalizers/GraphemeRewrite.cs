using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>
/// Rewrites a text from left to right, aligned as in Hugging Face tokenizers: dropped characters are attributed to the character before them. If
/// there is none, they are not counted, and the alignment of all following text is shifted to the left. A text that is kept entirely is not copied.
/// </summary>
internal ref struct GraphemeRewrite(NormalizedText text)
{
    private readonly ReadOnlySpan<char> _old = text.Chars;
    private int _position;
    private bool _begun, _hasWritten, _isShifted;

    // An added character, held back because it may have to absorb a dropped character after it.
    private Rune? _added;

    /// <summary>Keeps the next units, which are whole characters.</summary>
    public void Keep(int units)
    {
        var kept = _old.Slice(_position, units);
        _position += units;
        if (!_begun)
            return;
        Flush();
        _hasWritten = true;
        if (!_isShifted)
        {
            text.Keep(units);
            return;
        }
        foreach (var rune in kept.EnumerateRunes())
            text.Replace(rune);
    }

    /// <summary>Replaces the next units, which are whole characters, by the text <paramref name="utf8"/>.</summary>
    public void Replace(int units, scoped ReadOnlySpan<byte> utf8)
    {
        Begin();
        var characters = Characters.Count(_old.Slice(_position, units));
        if (!utf8.IsEmpty)
            Write(characters, utf8);
        else if (_hasWritten)
            Drop(characters);
        else
            _isShifted = true;
        _position += units;
    }

    /// <summary>Commits the rewritten text.</summary>
    public void End()
    {
        if (!_begun)
            return;
        Flush();
        text.EndRewrite();
    }

    private void Begin()
    {
        if (_begun)
            return;
        _begun = true;
        _hasWritten = _position > 0;
        text.BeginRewrite();
        text.Keep(_position);
    }

    private void Write(int characters, scoped ReadOnlySpan<byte> utf8)
    {
        Flush();
        _hasWritten = true;
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            utf8 = utf8[length..];
            if (characters-- > 0)
                text.Replace(rune);
            else if (utf8.IsEmpty)
                _added = rune;
            else
                text.Insert(rune);
        }
        Skip(characters);
    }

    private void Drop(int characters)
    {
        if (_added is { } added)
        {
            text.Replace(added);
            _added = null;
            characters--;
        }
        Skip(characters);
    }

    private readonly void Skip(int characters)
    {
        for (; characters > 0; characters--)
            text.Skip();
    }

    private void Flush()
    {
        if (_added is { } added)
            text.Insert(added);
        _added = null;
    }
}
