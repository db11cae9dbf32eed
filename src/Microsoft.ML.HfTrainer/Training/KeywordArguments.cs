using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>Extra settings of an optimizer or a schedule by the original's names, such as <c>num_cycles</c>.</summary>
public sealed class KeywordArguments : Dictionary<string, object?>
{
    /// <summary>No settings.</summary>
    public KeywordArguments()
    {
    }

    /// <summary>A copy.</summary>
    public KeywordArguments(IEnumerable<KeyValuePair<string, object?>> values) : base(values)
    {
    }

    /// <summary>Reads <c>name=value,name=value</c>; spaces do not count.</summary>
    /// <param name="text">The text; null or empty: no settings.</param>
    /// <param name="argument">The setting that holds the text, for the error.</param>
    /// <exception cref="ArgumentException">A part is not <c>name=value</c>.</exception>
    public static KeywordArguments Parse(string? text, string argument)
    {
        var values = new KeywordArguments();
        foreach (var part in (text ?? "").Replace(" ", "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, separator, value) = part.IndexOf('=') is var at and > 0 ? (part[..at], true, part[(at + 1)..]) : (part, false, "");
            if (!separator)
                throw new ArgumentException($"TrainingArguments.{argument} is '{text}'; its part '{name}' should be name=value.", argument);
            values[name] = value;
        }
        return values;
    }

    /// <summary>The number under a name, or another where there is none.</summary>
    /// <exception cref="ArgumentException">It is no number.</exception>
    public double Number(string name, double otherwise) => Find(name, otherwise, v => Convert.ToDouble(v, CultureInfo.InvariantCulture), "a number");

    /// <summary>The whole number under a name, or another where there is none.</summary>
    /// <exception cref="ArgumentException">It is no whole number.</exception>
    public int Integer(string name, int otherwise) => Find(name, otherwise, v => Convert.ToInt32(v, CultureInfo.InvariantCulture), "a whole number");

    /// <summary>The truth value under a name, or another where there is none.</summary>
    /// <exception cref="ArgumentException">It is neither true nor false.</exception>
    public bool Flag(string name, bool otherwise) => Find(name, otherwise, v => v is string text ? ParseFlag(text) : Convert.ToBoolean(v, CultureInfo.InvariantCulture), "true or false");

    /// <summary>The text under a name, or another where there is none.</summary>
    public string Text(string name, string otherwise) => Find(name, otherwise, v => Convert.ToString(v, CultureInfo.InvariantCulture)!, "a text");

    private static bool ParseFlag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => throw new FormatException(),
    };

    private T Find<T>(string name, T otherwise, Func<object, T> convert, string expected)
    {
        if (!TryGetValue(name, out var value) || value is null)
            return otherwise;
        try
        {
            return convert(value);
        }
        catch (Exception failure) when (failure is FormatException or InvalidCastException or OverflowException)
        {
            throw new ArgumentException($"The setting '{name}' is '{value}'; it should be {expected}.", name, failure);
        }
    }
}
