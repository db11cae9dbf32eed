using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>
/// The characters that a normalization form leaves unchanged and that do not combine with preceding characters. A text can be split between any two
/// of them and its parts normalized separately.
/// </summary>
internal sealed class InertCharacters
{
    private static readonly InertCharacters[] Forms =
    [
        new(NormalizationForm.FormC, '\u02FF'), new(NormalizationForm.FormD, '\u00BF'), new(NormalizationForm.FormKC, '\u009F'), new(NormalizationForm.FormKD, '\u009F'),
    ];

    private readonly bool _compatibility, _compose;

    // All characters up to this one are inert; most texts need no other check.
    private readonly char _last;

    // One page per 256 code points, computed on first use.
    private readonly bool[]?[] _pages = new bool[]?[0x1100];

    private InertCharacters(NormalizationForm form, char last)
    {
        _compatibility = form is NormalizationForm.FormKC or NormalizationForm.FormKD;
        _compose = form is NormalizationForm.FormC or NormalizationForm.FormKC;
        _last = last;
    }

    public static InertCharacters Of(NormalizationForm form) => Forms[form switch
    {
        NormalizationForm.FormC => 0,
        NormalizationForm.FormD => 1,
        NormalizationForm.FormKC => 2,
        _ => 3,
    }];

    /// <summary>Returns the index of the first character of <paramref name="text"/> that is not inert, or its length.</summary>
    public int LengthOfInert(ReadOnlySpan<char> text)
    {
        var i = 0;
        while (true)
        {
            var next = text[i..].IndexOfAnyExceptInRange('\0', _last);
            if (next < 0)
                return text.Length;
            for (i += next; text[i] > _last;)
            {
                Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
                if (!IsInert(rune.Value))
                    return i;
                i += width;
                if (i == text.Length)
                    return i;
            }
        }
    }

    /// <summary>Returns the index of the first inert character of <paramref name="text"/>, or its length.</summary>
    public int LengthOfOthers(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            if (IsInert(rune.Value))
                return i;
            i += width;
        }
        return text.Length;
    }

    private bool IsInert(int codePoint) => (_pages[codePoint >> 8] ?? MakePage(codePoint >> 8))[codePoint & 0xFF];

    private bool[] MakePage(int number)
    {
        var page = new bool[256];
        for (var i = 0; i < page.Length; i++)
            page[i] = Compute((number << 8) | i);
        // Two threads may compute a page at the same time; both pages are equal.
        return _pages[number] = page;
    }

    private bool Compute(int codePoint)
    {
        var tables = NormalizationTables.Instance;
        if (tables.CombiningClass(codePoint) != 0)
            return false;
        if (!_compose)
            return !UnicodeForms.IsHangulSyllable(codePoint) && tables.Decomposition(codePoint, _compatibility).IsEmpty;
        if (UnicodeForms.JoinsHangul(codePoint) || tables.IsSecond(codePoint) || (_compatibility && HasCompatibility(codePoint)))
            return false;
        var parts = tables.Decomposition(codePoint, compatibility: false);
        return parts.IsEmpty || (parts.Length == 2 && tables.Composition(parts[0], parts[1]) == codePoint);
    }

    private static bool HasCompatibility(int codePoint)
    {
        var tables = NormalizationTables.Instance;
        var parts = tables.Decomposition(codePoint, compatibility: false);
        if (parts.IsEmpty)
            return !tables.Decomposition(codePoint, compatibility: true).IsEmpty;
        foreach (var part in parts)
        {
            if (HasCompatibility(part))
                return true;
        }
        return false;
    }
}
