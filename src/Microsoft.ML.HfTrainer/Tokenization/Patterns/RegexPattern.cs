using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>A regular expression in Oniguruma's syntax.</summary>
internal sealed class RegexPattern : TextPattern
{
    // No ordinary pattern comes near this limit on any text; one that exceeds it backtracks catastrophically.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly SearchValues<char> Surrogates = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit)]);

    private readonly Regex _regex;
    private readonly Traits _traits;
    private readonly string _pattern;
    private readonly string _tokenizer;

    private RegexPattern(Regex regex, Traits traits, string pattern, string tokenizer) =>
        (_regex, _traits, _pattern, _tokenizer) = (regex, traits, pattern, tokenizer);

    /// <summary>Compiles a pattern of a tokenizer; <paramref name="error"/> creates an exception from a message.</summary>
    public static RegexPattern Make(string pattern, string tokenizer, Func<string, Exception> error, TimeSpan? limit = null)
    {
        var (translated, traits) = Translator.Translate(pattern, error);
        var options = RegexOptions.CultureInvariant | (RuntimeFeature.IsDynamicCodeCompiled ? RegexOptions.Compiled : RegexOptions.None);
        try
        {
            return new RegexPattern(new Regex(translated, options, limit ?? Limit), traits, pattern, tokenizer);
        }
        catch (RegexParseException problem)
        {
            throw error($"the pattern '{pattern}' cannot be read: {problem.Error}.");
        }
    }

    /// <exception cref="TimeoutException">Matching exceeds the time limit.</exception>
    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        try
        {
            if (text.ContainsAny(Surrogates))
                FindBehindStandIns(text, matches);
            else
                FindAll(text, matches);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooSlow(text.Length);
        }
    }

    private void FindAll(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        var (start, previousEnd) = (Environment.TickCount64, -1);
        foreach (var match in _regex.EnumerateMatches(text))
        {
            // As in Hugging Face tokenizers, an empty match at the end of the previous match is discarded.
            var end = match.Index + match.Length;
            if (match.Length > 0 || match.Index != previousEnd)
                matches.Add(new TextMatch(match.Index, end));
            previousEnd = end;
            if (matches.Count % 1024 == 0 && Environment.TickCount64 - start > _regex.MatchTimeout.TotalMilliseconds + (text.Length / 100))
                throw TooSlow(text.Length);
        }
    }

    private void FindBehindStandIns(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        var rented = ArrayPool<char>.Shared.Rent(text.Length);
        var length = 0;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            rented[length++] = width == 2 ? _traits.StandIn(rune) : (char)rune.Value;
            i += width;
        }
        var first = matches.Count;
        FindAll(rented.AsSpan(0, length), matches);
        ArrayPool<char>.Shared.Return(rented);
        var places = new Utf16Positions(text);
        for (var i = first; i < matches.Count; i++)
            matches[i] = new TextMatch(places.Find(matches[i].Start), places.Find(matches[i].End));
    }

    private TimeoutException TooSlow(int length) => new(
        FormattableString.Invariant($"The pattern '{_pattern}' of the tokenizer '{_tokenizer}' took more than {_regex.MatchTimeout.TotalSeconds} seconds on a text of {length} characters; ") +
        "it backtracks too much on such a text.");

    /// <summary>Converts character positions of a text to UTF-16 positions, requested in ascending order.</summary>
    private ref struct Utf16Positions(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _character;
        private int _unit;

        public int Find(int character)
        {
            for (; _character < character; _character++)
                _unit += _unit + 1 < _text.Length && char.IsSurrogatePair(_text[_unit], _text[_unit + 1]) ? 2 : 1;
            return _unit;
        }
    }
}
