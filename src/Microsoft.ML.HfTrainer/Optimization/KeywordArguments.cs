using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>Additional settings by their Hugging Face names, such as <c>num_cycles</c> of a schedule.</summary>
public sealed class KeywordArguments : Dictionary<string, object?>
{
    /// <summary>Creates an empty set of settings.</summary>
    public KeywordArguments()
    {
    }

    /// <summary>Creates a copy of the given settings.</summary>
    public KeywordArguments(IEnumerable<KeyValuePair<string, object?>> values) : base(values)
    {
    }

    /// <summary>Parses <c>name=value,name=value</c>. Spaces are ignored.</summary>
    /// <param name="text">The text; null or empty for no settings.</param>
    /// <param name="argument">The name of the training argument that holds the text, for error messages.</param>
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

    /// <summary>Returns a setting as a number, or a default value if it is not set.</summary>
    /// <exception cref="ArgumentException">The value is not a number.</exception>
    public double Number(string name, double otherwise) => Find(name, otherwise, v => Convert.ToDouble(v, CultureInfo.InvariantCulture), "a number");

    /// <summary>Returns a setting as an integer, or a default value if it is not set.</summary>
    /// <exception cref="ArgumentException">The value is not an integer.</exception>
    public int Integer(string name, int otherwise) => Find(name, otherwise, v => Convert.ToInt32(v, CultureInfo.InvariantCulture), "a whole number");

    /// <summary>Returns a setting as a Boolean, or a default value if it is not set.</summary>
    /// <exception cref="ArgumentException">The value is neither true nor false.</exception>
    public bool Flag(string name, bool otherwise) => Find(name, otherwise, v => v is string text ? ParseFlag(text) : Convert.ToBoolean(v, CultureInfo.InvariantCulture), "true or false");

    /// <summary>Returns a setting as text, or a default value if it is not set.</summary>
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
            throw new ArgumentException(FormattableString.Invariant($"The setting '{name}' is '{value}'; it should be {expected}."), name, failure);
        }
    }
}
