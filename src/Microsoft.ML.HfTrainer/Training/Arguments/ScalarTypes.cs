using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>A truth value; on a command line in any of the usual words.</summary>
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

/// <summary>A whole number.</summary>
internal sealed class IntegerType : ArgumentType
{
    public override string Expected => "a whole number";

    public override object Read(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw new FormatException();

    public override object Parse(IReadOnlyList<string> words) =>
        int.TryParse(PythonNumber.Plain(words[0]), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException();

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteNumberValue((int)value);
}

/// <summary>A number.</summary>
/// <param name="expected">What it should be.</param>
/// <param name="holds">Which numbers are right; null: all.</param>
internal sealed class NumberType(string expected = "a number", Predicate<double>? holds = null) : ArgumentType
{
    public override string Expected => expected;

    public override object Read(JsonElement value) => value.ValueKind == JsonValueKind.Number ? Check(value.GetDouble()) : throw new FormatException();

    public override object Parse(IReadOnlyList<string> words) =>
        double.TryParse(PythonNumber.Plain(words[0]), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Check(number) : throw new FormatException();

    // JSON has no number for infinity; a setting that is none is refused before it counts.
    public override void Write(Utf8JsonWriter writer, object value)
    {
        if ((double)value is var number && double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }

    private double Check(double number) => holds?.Invoke(number) != false ? number : throw new FormatException();
}

/// <summary>A text.</summary>
internal sealed class TextType : ArgumentType
{
    public override string Expected => "a text";

    public override object Read(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException();

    public override object Parse(IReadOnlyList<string> words) => words[0];

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue((string)value);
}

/// <summary>Numbers as Python's own conversion takes them.</summary>
internal static partial class PythonNumber
{
    /// <summary>The text without the underscores that may stand between digits: 1_000.</summary>
    public static string Plain(string text) => Underscore().Replace(text, "");

    [GeneratedRegex(@"(?<=\d)_(?=\d)")]
    private static partial Regex Underscore();
}
