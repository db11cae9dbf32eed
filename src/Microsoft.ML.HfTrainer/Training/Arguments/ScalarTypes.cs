using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>A Boolean; on a command line any of the usual words, such as <c>yes</c> or <c>0</c>.</summary>
internal sealed class FlagType : ArgumentType
{
    private static readonly string[] _true = ["yes", "true", "t", "y", "1"];
    private static readonly string[] _false = ["no", "false", "f", "n", "0"];

    public override string Expected => "true or false";

    public override object Read(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new FormatException();

    public override object Parse(IReadOnlyList<string> words) =>
        _true.Contains(words[0], StringComparer.OrdinalIgnoreCase) || (_false.Contains(words[0], StringComparer.OrdinalIgnoreCase) ? false : throw new FormatException());

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteBooleanValue((bool)value);
}

/// <summary>A 32-bit integer.</summary>
internal sealed class IntegerType : ArgumentType
{
    public override string Expected => "a whole number";

    public override object Read(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw new FormatException();

    public override object Parse(IReadOnlyList<string> words) =>
        int.TryParse(PythonNumber.Plain(words[0]), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException();

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteNumberValue((int)value);
}

/// <summary>A floating-point number.</summary>
/// <param name="expected">The description of a valid value for messages.</param>
/// <param name="holds">Returns whether a number is valid; null accepts all.</param>
internal sealed class NumberType(string expected = "a number", Predicate<double>? holds = null) : ArgumentType
{
    public override string Expected => expected;

    public override object Read(JsonElement value) => value.ValueKind == JsonValueKind.Number ? Check(value.GetDouble()) : throw new FormatException();

    public override object Parse(IReadOnlyList<string> words) =>
        double.TryParse(PythonNumber.Plain(words[0]), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Check(number) : throw new FormatException();

    // JSON has no infinity or NaN. They are written as strings for messages only: Validate rejects them.
    public override void Write(Utf8JsonWriter writer, object value)
    {
        if ((double)value is var number && double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }

    private double Check(double number) => holds?.Invoke(number) != false ? number : throw new FormatException();
}

/// <summary>A string.</summary>
internal sealed class TextType : ArgumentType
{
    public override string Expected => "a string";

    public override object Read(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException();

    public override object Parse(IReadOnlyList<string> words) => words[0];

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue((string)value);
}

/// <summary>Numbers in the notation that Python's <c>int</c> and <c>float</c> accept.</summary>
internal static partial class PythonNumber
{
    /// <summary>Removes underscores between digits, as in 1_000.</summary>
    public static string Plain(string text) => Underscore().Replace(text, "");

    [GeneratedRegex(@"(?<=\d)_(?=\d)")]
    private static partial Regex Underscore();
}
