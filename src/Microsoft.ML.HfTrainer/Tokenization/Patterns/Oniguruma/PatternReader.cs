using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>Reads the characters of a pattern in order; errors give the position.</summary>
internal sealed class PatternReader(string pattern, Func<string, Exception> error)
{
    public int Position { get; private set; }

    public bool AtEnd => Position >= pattern.Length;

    /// <summary>Indicates whether the next character is the given one.</summary>
    public bool IsNext(char character) => Position < pattern.Length && pattern[Position] == character;

    /// <summary>Indicates whether the rest of the pattern begins with the given text.</summary>
    public bool IsNext(string text) => string.CompareOrdinal(pattern, Position, text, 0, text.Length) == 0;

    /// <summary>Consumes <paramref name="text"/> if it comes next.</summary>
    public bool Take(string text)
    {
        if (!IsNext(text))
            return false;
        Position += text.Length;
        return true;
    }

    /// <summary>Consumes the next character.</summary>
    public Rune Next()
    {
        if (AtEnd)
            throw Error("it ends too early");
        Rune.DecodeFromUtf16(pattern.AsSpan(Position), out var rune, out var width);
        Position += width;
        return rune;
    }

    /// <summary>Consumes the text up to and including the next <paramref name="end"/> and returns it without the end.</summary>
    public string TakeUntil(char end)
    {
        var to = pattern.IndexOf(end, Position);
        if (to < 0)
            throw Error($"'{end}' is missing");
        var text = pattern[Position..to];
        Position = to + 1;
        return text;
    }

    /// <summary>Consumes the following characters that satisfy a condition, up to a maximum number.</summary>
    public string TakeWhile(Func<char, bool> wanted, int most)
    {
        var start = Position;
        while (Position < pattern.Length && Position - start < most && wanted(pattern[Position]))
            Position++;
        return pattern[start..Position];
    }

    /// <summary>Returns the code point given by hexadecimal digits.</summary>
    public int Hexadecimal(string digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)
            ? value
            : throw Error($"'{digits}' is not a code point");

    /// <summary>Moves back to an earlier position.</summary>
    public void Reset(int position) => Position = position;

    public Exception Error(string problem) => error($"the pattern '{pattern}' cannot be read: {problem} (at character {Position + 1}).");

    public NotSupportedException Unsupported(string what) =>
        new($"The pattern '{pattern}' of the tokenizer uses {what} (before character {Position + 1}), which this version does not support.");
}
