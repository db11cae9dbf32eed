using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;

namespace Microsoft.ML.HfTrainer.Estimators.Evaluation;

/// <summary>Rows with labels and predictions, of which only the columns that are compared are read.</summary>
/// <param name="source">The data, for messages.</param>
/// <param name="view">The data.</param>
internal sealed class EvaluatedRows(RowSource source, IDataView view)
{
    private readonly List<DataViewSchema.Column> _columns = [];
    private readonly List<Action<DataViewRow>> _bindings = [];
    private string _row = "";

    /// <summary>Adds a column of vectors of numbers. The reader that is returned reads the current row.</summary>
    public Func<T[]> Numbers<T>(string kind, string name, PrimitiveDataViewType type) => Vectors<T, T>(Find(kind, name, column => column.Equals(type), $"a vector of {type}"), value => value);

    /// <summary>Adds a column of vectors of 0 and 1, or of true and false.</summary>
    public Func<int[]> Decisions(string kind, string name)
    {
        var column = Find(kind, name, type => type is BooleanDataViewType || type.Equals(NumberDataViewType.Single), "a vector of Boolean, or of Single 0 and 1");
        return ((VectorDataViewType)column.Type).ItemType is BooleanDataViewType ? Vectors<bool, int>(column, value => value ? 1 : 0) : Vectors<float, int>(column, value => value == 1 ? 1 : value == 0 ? 0
            : throw Refuse(_row, FormattableString.Invariant($"has {value} in '{name}'; each value should be 0 or 1.")));
    }

    /// <summary>Adds a column of texts, or of vectors of texts.</summary>
    public Func<string[]> AllTexts(string kind, string name)
    {
        var column = Find(kind, name);
        return column.Type switch
        {
            VectorDataViewType { ItemType: TextDataViewType } => Vectors<ReadOnlyMemory<char>, string>(column, text => text.ToString()),
            TextDataViewType => Scalars<ReadOnlyMemory<char>, string[]>(column, text => [text.ToString()]),
            _ => throw source.Host.SchemaError($"The {kind} '{name}' is {column.Type}; it should be text, or a vector of texts."),
        };
    }

    /// <summary>Adds a column of numbers.</summary>
    public Func<double> Number(string kind, string name)
    {
        var column = Find(kind, name);
        var read = column.Type switch
        {
            NumberDataViewType { RawType.Name: nameof(Single) } => Scalars<float, double>(column, value => value),
            NumberDataViewType { RawType.Name: nameof(Double) } => Scalars<double, double>(column, value => value),
            NumberDataViewType { RawType.Name: nameof(Int32) } => Scalars<int, double>(column, value => value),
            BooleanDataViewType => Scalars<bool, double>(column, value => value ? 1 : 0),
            _ => throw source.Host.SchemaError($"The {kind} '{name}' is {column.Type}; it should be Single, Double, Int32 or Boolean."),
        };
        return () => read() is var value && double.IsFinite(value) ? value : throw Refuse(
            _row, FormattableString.Invariant($"has {value} in '{name}'; it should be a number. Filter the row out if it is missing."));
    }

    /// <summary>Adds a column of vectors of texts, or of keys, which are read as what they stand for.</summary>
    /// <param name="kind">What messages call the column.</param>
    /// <param name="name">The name of the column.</param>
    /// <param name="missing">What a missing key is read as.</param>
    public Func<string[]> Texts(string kind, string name, string missing)
    {
        var column = Find(kind, name, type => type is TextDataViewType or KeyDataViewType { RawType.Name: nameof(UInt32) }, "a vector of texts or keys");
        if (((VectorDataViewType)column.Type).ItemType is TextDataViewType)
            return Vectors<ReadOnlyMemory<char>, string>(column, text => text.IsEmpty ? missing : text.ToString());
        var names = KeyValueList.Of(column)?.Texts;
        return Vectors<uint, string>(column, key => key == 0 ? missing : names is null ? key.ToString(CultureInfo.InvariantCulture) : key <= names.Count ? names[(int)key - 1]
            : throw Refuse(_row, $"has the key {key} in '{name}', and the column has {names.Count} KeyValues."));
    }

    /// <summary>Gets a column.</summary>
    public DataViewSchema.Column this[string name] => view.Schema[name];

    /// <summary>Reads the rows.</summary>
    /// <param name="add">Adds the current row, whose name it is given.</param>
    public void Read(Action<string> add)
    {
        using var cursor = view.GetRowCursor(_columns);
        _bindings.ForEach(bind => bind(cursor));
        var count = 0L;
        while (cursor.MoveNext())
            add(_row = source.NameOf(++count));
        if (count == 0)
            throw source.Host.Mark(new ArgumentException("There are no rows to evaluate."));
    }

    /// <summary>An exception about a row.</summary>
    public Exception Refuse(string row, string fault) => source.Host.Mark(new InvalidDataException($"{row} {fault}"));

    private DataViewSchema.Column Find(string kind, string name) =>
        view.Schema.GetColumnOrNull(name) ?? throw source.Missing(kind, name, view.Schema);

    private DataViewSchema.Column Find(string kind, string name, Func<DataViewType, bool> accepts, string wanted)
    {
        var column = Find(kind, name);
        return column.Type is VectorDataViewType vector && accepts(vector.ItemType) ? column : throw source.Host.SchemaError(
            $"The {kind} '{name}' is {column.Type}; it should be {wanted}.");
    }

    private Func<TResult> Scalars<T, TResult>(DataViewSchema.Column column, Converter<T, TResult> convert)
    {
        var (getter, value) = (default(ValueGetter<T>), default(T)!);
        _columns.Add(column);
        _bindings.Add(row => getter = row.GetGetter<T>(column));
        return () =>
        {
            getter!(ref value);
            return convert(value);
        };
    }

    private Func<TResult[]> Vectors<T, TResult>(DataViewSchema.Column column, Converter<T, TResult> convert)
    {
        var (getter, values) = (default(ValueGetter<VBuffer<T>>), default(VBuffer<T>));
        _columns.Add(column);
        _bindings.Add(row => getter = row.GetGetter<VBuffer<T>>(column));
        return () =>
        {
            getter!(ref values);
            return Array.ConvertAll(values.DenseValues().ToArray(), convert);
        };
    }
}
