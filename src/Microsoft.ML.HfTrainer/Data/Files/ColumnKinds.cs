namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>What the columns of a file hold, as all of their values together say.</summary>
internal abstract class ColumnKinds
{
    /// <summary>Takes a row into account.</summary>
    public abstract void Observe(FilePosition position, Example row);

    /// <summary>A value as its column has it; nothing where there is none.</summary>
    public abstract Feature Convert(string column, Feature value);
}

/// <summary>Columns of comma-separated values: whole numbers if all values are, else numbers if all are, else texts. An empty value is no number.</summary>
internal sealed class CsvColumnKinds(DataFileOptions options) : ColumnKinds
{
    private readonly Dictionary<string, FeatureType> _types = [];

    public override void Observe(FilePosition position, Example row)
    {
        foreach (var (column, value) in row)
        {
            if (options.TypeOf(column) is not null || value.Text.Length == 0)
                continue;
            var type = _types.GetValueOrDefault(column, FeatureType.Integer);
            if (type == FeatureType.Integer && !CsvTable.TryInteger(value.Text, out _))
                type = FeatureType.Real;
            if (type == FeatureType.Real && !CsvTable.TryReal(value.Text, out _))
                type = FeatureType.Text;
            _types[column] = type;
        }
    }

    public override Feature Convert(string column, Feature value) => !value.IsText || !_types.TryGetValue(column, out var type) ? value : type switch
    {
        FeatureType.Integer => CsvTable.TryInteger(value.Text, out var whole) ? whole : default(Feature),
        FeatureType.Real => CsvTable.TryReal(value.Text, out var real) ? real : default(Feature),
        _ => value,
    };
}

/// <summary>Columns of JSON: real numbers where one value is, else whole ones. Texts and numbers in one column are an error.</summary>
internal sealed class JsonColumnKinds : ColumnKinds
{
    private readonly Dictionary<string, (bool IsText, FilePosition First)> _kinds = [];
    private readonly HashSet<string> _real = [];

    public override void Observe(FilePosition position, Example row)
    {
        foreach (var (column, value) in row)
        {
            // An empty list is one of numbers and of texts.
            if (value.Length == 0)
                continue;
            if (!_kinds.TryGetValue(column, out var kind))
                _kinds[column] = kind = (value.IsText, position);
            if (kind.IsText != value.IsText)
                throw position.Error(
                    column, $"the value is {value.Describe()}, and in line {kind.First.Line} there {(kind.IsText ? "is text" : "are numbers")}",
                    "of one kind in all rows; options may give the column a type");
            if (!value.IsInteger && !value.IsText)
                _real.Add(column);
        }
    }

    public override Feature Convert(string column, Feature value) =>
        value.Length == 0 && _kinds.TryGetValue(column, out var kind) && kind.IsText ? Array.Empty<string>()
        : value.IsInteger && _real.Contains(column) ? value.ToReals() : value;
}
