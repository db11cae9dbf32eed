using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>The characters of a pattern, one after the other, and errors that name the place.</summary>
internal sealed class PatternReader(string pattern, Func<string, Exception> error)
{
    public int Position { get; private set; }

    public bool AtEnd => Position >= pattern.Length;

    /// <summary>Whether the next character is this one.</summary>
    public bool Sees(char character) => Position < pattern.Length && pattern[Position] == character;

    /// <summary>Whether what follows begins so.</summary>
    public bool Sees(string text) => string.CompareOrdinal(pattern, Position, text, 0, text.Length) == 0;

    /// <summary>Passes over <paramref name="text"/> if it is next.</summary>
    public bool Take(string text)
    {
        if (!Sees(text))
            return false;
        Position += text.Length;
        return true;
    }

    /// <summary>The next character.</summary>
    public Rune Next()
    {
        if (AtEnd)
            throw Error("it ends too early");
        Rune.DecodeFromUtf16(pattern.AsSpan(Position), out var rune, out var width);
        Position += width;
        return rune;
    }

    /// <summary>What stands before the next <paramref name="end"/>, which is passed over too.</summary>
    public string Until(char end)
    {
        var to = pattern.IndexOf(end, Position);
        if (to < 0)
            throw Error($"'{end}' is missing");
        var text = pattern[Position..to];
        Position = to + 1;
        return text;
    }

    /// <summary>The characters of one sort that follow, at most so many.</summary>
    public string While(Func<char, bool> wanted, int most)
    {
        var start = Position;
        while (Position < pattern.Length && Position - start < most && wanted(pattern[Position]))
            Position++;
        return pattern[start..Position];
    }

    /// <summary>The code point that so many hexadecimal digits stand for.</summary>
    public int Hexadecimal(string digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)
            ? value
            : throw Error($"'{digits}' is no code point");

    /// <summary>Goes back to a place.</summary>
    public void Return(int position) => Position = position;

    public Exception Error(string problem) => error($"the pattern '{pattern}' cannot be read: {problem} (at character {Position + 1}).");

    public NotSupportedException Unsupported(string what) =>
        new($"The pattern '{pattern}' of the tokenizer uses {what} (before character {Position + 1}), which this version does not support.");
}
