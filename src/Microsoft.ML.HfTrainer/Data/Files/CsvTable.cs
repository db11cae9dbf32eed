using System.Globalization;
using System.Numerics;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>Reads the rows of a CSV file as examples.</summary>
internal static class CsvTable
{
    // Blanks around a number are no part of it, as in pandas.
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>Returns the rows of a file. Columns whose type is not specified hold strings.</summary>
    /// <exception cref="InvalidDataException">A column is missing, a row has too few or too many values, or a value does not have the type of its column.</exception>
    public static IEnumerable<(FilePosition Position, Example Row)> Read(string path, CsvOptions options)
    {
        CheckAscii(options.Delimiter, nameof(CsvOptions.Delimiter));
        CheckAscii(options.Quote ?? '"', nameof(CsvOptions.Quote));
        var names = options.ColumnNames;
        if (names is not null)
            CheckNames(names, options, $"{path}: the option ColumnNames");
        foreach (var (position, values) in new CsvRecords(path, (byte)options.Delimiter, (byte?)options.Quote).Read())
        {
            if (names is null)
            {
                CheckNames(names = values, options, $"{position}: the header");
                continue;
            }
            if (values.Count != names.Count)
                throw position.Error($"the row has {values.Count} values; there are {names.Count} columns: {string.Join(", ", names)}.");
            var row = new Example { Origin = position.ToString() };
            for (var i = 0; i < names.Count; i++)
                if (options.Takes(names[i]))
                    row[names[i]] = Value(values[i], position, names[i], options.TypeOf(names[i]));
            yield return (position, row);
        }
    }

    /// <summary>Parses an integer.</summary>
    public static bool TryInteger(string value, out int number) => int.TryParse(value, Whole, CultureInfo.InvariantCulture, out number);

    /// <summary>Returns whether a value is an integer of any size.</summary>
    public static bool IsInteger(string value) => BigInteger.TryParse(value, Whole, CultureInfo.InvariantCulture, out _);

    /// <summary>Parses a real number.</summary>
    public static bool TryReal(string value, out float number) =>
        float.TryParse(value, Whole | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);

    private static Feature Value(string value, FilePosition position, string column, FeatureType? type) => type switch
    {
        FeatureType.Integer => TryInteger(value, out var whole) ? whole : throw position.Error(column, $"the value is '{value}'", $"a whole number from {int.MinValue} to {int.MaxValue}"),
        FeatureType.Real => TryReal(value, out var real) ? real : throw position.Error(column, $"the value is '{value}'", "a number"),
        _ => value,
    };

    private static void CheckNames(IReadOnlyList<string> names, CsvOptions options, string place)
    {
        if (names.FirstOrDefault(name => names.Count(n => n == name) > 1) is { } twice)
            throw new InvalidDataException($"{place} names the column '{twice}' twice; column names should be unique.");
        foreach (var needed in (options.Columns ?? []).Concat(options.Types.Keys))
            if (!names.Contains(needed))
                throw new InvalidDataException($"{place} has no column '{needed}', which the options name; it has {string.Join(", ", names)}.{NamedChoice.Suggestion(needed, names)}");
    }

    private static void CheckAscii(char character, string option)
    {
        if (!char.IsAscii(character) || character is '\r' or '\n')
            throw new ArgumentException($"CsvOptions.{option} is '{character}'; it should be an ASCII character other than a line break.", option);
    }
}
