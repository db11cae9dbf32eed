namespace Microsoft.ML.HfTrainer.Metrics.Text;

/// <summary>
/// Reduces English words, in lower case, to their stems: Porter's algorithm ("An algorithm for suffix stripping", 1980) with the extensions of
/// NLTK, which ROUGE relies on.
/// </summary>
internal static class PorterStemmer
{
    private static readonly Dictionary<string, string> _irregular = new()
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news", ["howe"] = "howe",
        ["inning"] = "inning", ["innings"] = "inning", ["outing"] = "outing", ["outings"] = "outing", ["canning"] = "canning", ["cannings"] = "canning",
        ["proceed"] = "proceed", ["exceed"] = "exceed", ["succeed"] = "succeed",
    };

    private static readonly Ending[] _plurals = [new("sses", "ss"), new("ies", "i"), new("ss", "ss"), new("s", "")];

    private static readonly Ending[] _restored = [new("at", "ate"), new("bl", "ble"), new("iz", "ize")];

    private static readonly Ending[] _doubleSuffixes =
    [
        new("ational", "ate"), new("tional", "tion"), new("enci", "ence"), new("anci", "ance"), new("izer", "ize"), new("bli", "ble"), new("alli", "al"),
        new("entli", "ent"), new("eli", "e"), new("ousli", "ous"), new("ization", "ize"), new("ation", "ate"), new("ator", "ate"), new("alism", "al"),
        new("iveness", "ive"), new("fulness", "ful"), new("ousness", "ous"), new("aliti", "al"), new("iviti", "ive"), new("biliti", "ble"),
        new("fulli", "ful"), new("logi", "log", Kept: 1),
    ];

    private static readonly Ending[] _adjectives =
        [new("icate", "ic"), new("ative", ""), new("alize", "al"), new("iciti", "ic"), new("ical", "ic"), new("ful", ""), new("ness", "")];

    private static readonly Ending[] _single =
    [
        new("al", ""), new("ance", ""), new("ence", ""), new("er", ""), new("ic", ""), new("able", ""), new("ible", ""), new("ant", ""), new("ement", ""),
        new("ment", ""), new("ent", ""), new("sion", "s", Kept: 1), new("tion", "t", Kept: 1), new("ou", ""), new("ism", ""), new("ate", ""), new("iti", ""),
        new("ous", ""), new("ive", ""), new("ize", ""),
    ];

    private static readonly Ending[] _doubleL = [new("ll", "l", Kept: 1)];

    public static string Stem(string word) =>
        _irregular.TryGetValue(word, out var stem) ? stem
        : word.Length <= 2 ? word
        : Replace(FinalE(Replace(Replace(DoubleSuffix(FinalY(Tense(Plural(word)))), _adjectives, 0), _single, 1)), _doubleL, 1);

    private static string Plural(string word) => word.Length == 4 && word.EndsWith("ies", StringComparison.Ordinal) ? word[..^1] : Replace(word, _plurals, -1);

    private static string Tense(string word)
    {
        if (word.EndsWith("ied", StringComparison.Ordinal))
            return word.Length == 4 ? word[..^1] : word[..^2];
        if (word.EndsWith("eed", StringComparison.Ordinal))
            return Measure(word.AsSpan()[..^3]) > 0 ? word[..^1] : word;
        var cut = word.EndsWith("ed", StringComparison.Ordinal) ? 2 : word.EndsWith("ing", StringComparison.Ordinal) ? 3 : 0;
        return cut > 0 && HasVowel(word.AsSpan()[..^cut]) ? Restore(word[..^cut]) : word;
    }

    // After the removal of -ed or -ing, restores a final e or removes a doubled letter.
    private static string Restore(string stem)
    {
        var restored = Replace(stem, _restored, -1);
        if (restored != stem)
            return restored;
        if (stem.Length >= 2 && stem[^1] == stem[^2] && IsConsonant(stem, stem.Length - 1))
            return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        return Measure(stem) == 1 && EndsShort(stem) ? stem + "e" : stem;
    }

    private static string FinalY(string word) => word.Length > 2 && word[^1] == 'y' && IsConsonant(word, word.Length - 2) ? word[..^1] + "i" : word;

    private static string DoubleSuffix(string word) => word.EndsWith("alli", StringComparison.Ordinal) && Measure(word.AsSpan()[..^4]) > 0
        ? DoubleSuffix(word[..^2])
        : Replace(word, _doubleSuffixes, 0);

    private static string FinalE(string word)
    {
        if (word.Length == 0 || word[^1] != 'e')
            return word;
        var stem = word[..^1];
        return Measure(stem) is var measure && (measure > 1 || measure == 1 && !EndsShort(stem)) ? stem : word;
    }

    // The first matching suffix is used; nothing changes if the remaining stem would be too short.
    private static string Replace(string word, Ending[] endings, int above)
    {
        foreach (var (suffix, replacement, kept) in endings)
        {
            if (!word.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            var length = word.Length - suffix.Length;
            return above < 0 || Measure(word.AsSpan(0, length + kept)) > above ? word[..length] + replacement : word;
        }
        return word;
    }

    // The number of times that a consonant follows a vowel.
    private static int Measure(ReadOnlySpan<char> stem)
    {
        var (measure, wasVowel) = (0, false);
        for (var i = 0; i < stem.Length; i++)
        {
            var consonant = IsConsonant(stem, i);
            if (consonant && wasVowel)
                measure++;
            wasVowel = !consonant;
        }
        return measure;
    }

    private static bool HasVowel(ReadOnlySpan<char> stem)
    {
        for (var i = 0; i < stem.Length; i++)
        {
            if (!IsConsonant(stem, i))
                return true;
        }
        return false;
    }

    // Consonant, vowel, consonant other than w, x and y; or vowel and consonant, and nothing else.
    private static bool EndsShort(ReadOnlySpan<char> word) => word.Length switch
    {
        < 2 => false,
        2 => !IsConsonant(word, 0) && IsConsonant(word, 1),
        var n => IsConsonant(word, n - 3) && !IsConsonant(word, n - 2) && IsConsonant(word, n - 1) && word[^1] is not ('w' or 'x' or 'y'),
    };

    // A y is a vowel after a consonant.
    private static bool IsConsonant(ReadOnlySpan<char> word, int at) => word[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => at == 0 || !IsConsonant(word, at - 1),
        _ => true,
    };

    /// <summary>The replacement of a suffix.</summary>
    /// <param name="Suffix">The suffix.</param>
    /// <param name="Replacement">Its replacement.</param>
    /// <param name="Kept">The number of its letters that count as part of the stem when the stem is measured.</param>
    private readonly record struct Ending(string Suffix, string Replacement, int Kept = 0);
}
