using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Reads the rows of a data view as examples, with one feature per column.</summary>
internal static class DataViewRows
{
    private delegate Func<Feature> Reader(DataViewRow row, DataViewSchema.Column column);

    private static readonly Dictionary<Type, Reader> _readers = new()
    {
        [typeof(ReadOnlyMemory<char>)] = (row, column) => Values<ReadOnlyMemory<char>, string>(row, column, text => text.ToString(), text => text, texts => texts),
        [typeof(bool)] = (row, column) => Integers<bool>(row, column, value => value ? 1 : 0),
        [typeof(sbyte)] = (row, column) => Integers<sbyte>(row, column, value => value),
        [typeof(byte)] = (row, column) => Integers<byte>(row, column, value => value),
        [typeof(short)] = (row, column) => Integers<short>(row, column, value => value),
        [typeof(ushort)] = (row, column) => Integers<ushort>(row, column, value => value),
        [typeof(int)] = (row, column) => Integers<int>(row, column, value => value),
        [typeof(uint)] = (row, column) => Integers<uint>(row, column, value => checked((int)value)),
        [typeof(long)] = (row, column) => Integers<long>(row, column, value => checked((int)value)),
        [typeof(ulong)] = (row, column) => Integers<ulong>(row, column, value => checked((int)value)),
        [typeof(float)] = (row, column) => Values<float, float>(row, column, value => value, value => value, values => values),
        [typeof(double)] = (row, column) => Values<double, float>(row, column, value => (float)value, value => value, values => values),
    };

    /// <summary>Returns the rows as examples.</summary>
    /// <param name="view">The data view.</param>
    /// <param name="names">The columns to read. If null, all that are not hidden.</param>
    /// <exception cref="ArgumentException">A column is missing, or its type has no corresponding feature.</exception>
    public static IEnumerable<Example> Read(IDataView view, IReadOnlyCollection<string>? names)
    {
        if (names?.FirstOrDefault(name => view.Schema.GetColumnOrNull(name) is null) is { } missing)
            throw new ArgumentException($"The data has no column '{missing}'; it has {string.Join(", ", view.Schema.Select(c => c.Name))}.{NamedChoice.Suggestion(missing, view.Schema.Select(c => c.Name))}", nameof(names));
        var columns = view.Schema.Where(column => !column.IsHidden && names?.Contains(column.Name) != false).ToList();
        foreach (var column in columns)
            if (!_readers.ContainsKey(ItemType(column).RawType))
                throw new ArgumentException(
                    $"The column '{column.Name}' is {column.Type}, which examples cannot hold; name the columns that are needed, or convert it to text or numbers.", nameof(names));
        return Rows(view, columns);
    }

    private static IEnumerable<Example> Rows(IDataView view, List<DataViewSchema.Column> columns)
    {
        using var cursor = view.GetRowCursor(columns);
        var readers = columns.ConvertAll(column => (column.Name, Read: _readers[ItemType(column).RawType](cursor, column)));
        for (var number = 1L; cursor.MoveNext(); number++)
        {
            var example = new Example { Origin = $"Row {number} of the data" };
            foreach (var (name, read) in readers)
            {
                try
                {
                    example[name] = read();
                }
                catch (OverflowException inner)
                {
                    throw new InvalidDataException($"{example.Origin} has a number beyond 32 bits in '{name}'; leave the column out, or convert it.", inner);
                }
            }
            yield return example;
        }
    }

    private static DataViewType ItemType(DataViewSchema.Column column) => column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;

    // Key values of a data view start at 1, and 0 is a missing value. Here they start at 0, and -1 is a missing value.
    private static Func<Feature> Integers<T>(DataViewRow row, DataViewSchema.Column column, Func<T, int> convert)
    {
        var first = ItemType(column) is KeyDataViewType ? 1 : 0;
        return Values<T, int>(row, column, value => convert(value) - first, value => value, values => values);
    }

    private static Func<Feature> Values<T, TFeature>(
        DataViewRow row, DataViewSchema.Column column, Func<T, TFeature> convert, Func<TFeature, Feature> one, Func<TFeature[], Feature> many)
    {
        if (column.Type is not VectorDataViewType)
        {
            var (get, value) = (row.GetGetter<T>(column), default(T)!);
            return () =>
            {
                get(ref value);
                return one(convert(value));
            };
        }
        var (getMany, values) = (row.GetGetter<VBuffer<T>>(column), default(VBuffer<T>));
        return () =>
        {
            getMany(ref values);
            return many([.. values.DenseValues().Select(convert)]);
        };
    }
}
