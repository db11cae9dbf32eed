namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>Infers the types of the columns of a file from all their values.</summary>
internal abstract class ColumnKinds
{
    /// <summary>Takes the values of a row into account.</summary>
    public abstract void Observe(FilePosition position, Example row);

    /// <summary>Converts a value to the type of its column; returns the default if it has no value of that type.</summary>
    public abstract Feature Convert(string column, Feature value);
}

/// <summary>
/// Infers the types of CSV columns: integers if all values are integers, otherwise real numbers if all are numbers, otherwise strings. A column of integers also
/// holds strings if one of them exceeds 32 bits, so that no digit is lost. Empty values are ignored.
/// </summary>
internal sealed class CsvColumnKinds(DataFileOptions options) : ColumnKinds
{
    private readonly Dictionary<string, FeatureType> _types = [];
    private readonly HashSet<string> _large = [];

    public override void Observe(FilePosition position, Example row)
    {
        foreach (var (column, value) in row)
        {
            if (options.TypeOf(column) is not null || value.Text.Length == 0)
                continue;
            var type = _types.GetValueOrDefault(column, FeatureType.Integer);
            if (type == FeatureType.Integer && !CsvTable.TryInteger(value.Text, out _))
            {
                if (CsvTable.IsInteger(value.Text))
                    _large.Add(column);
                else
                    type = FeatureType.Real;
            }
            if (type == FeatureType.Real && !CsvTable.TryReal(value.Text, out _))
                type = FeatureType.Text;
            _types[column] = type;
        }
    }

    public override Feature Convert(string column, Feature value) => !value.IsText || !_types.TryGetValue(column, out var type) ? value : type switch
    {
        FeatureType.Integer when _large.Contains(column) => value,
        FeatureType.Integer => CsvTable.TryInteger(value.Text, out var whole) ? whole : default(Feature),
        FeatureType.Real => CsvTable.TryReal(value.Text, out var real) ? real : default(Feature),
        _ => value,
    };
}

/// <summary>
/// Infers the types of JSON columns: a column of numbers holds real numbers if any of its values is one. Strings and numbers in the same column are an error.
/// </summary>
internal sealed class JsonColumnKinds : ColumnKinds
{
    private readonly Dictionary<string, (bool IsText, FilePosition First)> _kinds = [];
    private readonly HashSet<string> _real = [];

    public override void Observe(FilePosition position, Example row)
    {
        foreach (var (column, value) in row)
        {
            // An empty list may belong to a column of numbers or of strings.
            if (value.Length == 0)
                continue;
            if (!_kinds.TryGetValue(column, out var kind))
                _kinds[column] = kind = (value.IsText, position);
            if (kind.IsText != value.IsText)
                throw position.Error(
                    column, $"the value is {value.Describe()}, and in line {kind.First.Line} there {(kind.IsText ? "is text" : "are numbers")}",
                    "of the same type in all rows; the options can specify the type of the column");
            if (!value.IsInteger && !value.IsText)
                _real.Add(column);
        }
    }

    public override Feature Convert(string column, Feature value) =>
        value.Length == 0 && _kinds.TryGetValue(column, out var kind) && kind.IsText ? Array.Empty<string>()
        : value.IsInteger && _real.Contains(column) ? value.ToReals() : value;
}
