using System.Globalization;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Reads data of any columns into values that can be compared.</summary>
internal static class RowComparer
{
    /// <summary>All rows, the row's id first.</summary>
    public static List<object[]> Read(IDataView view) => Read(view, view.Schema);

    /// <summary>The same, in one pass a column.</summary>
    public static List<object[]> ReadColumnByColumn(IDataView view)
    {
        var columns = view.Schema.Select(column => Read(view, [column])).ToList();
        return [.. Enumerable.Range(0, columns[0].Count).Select(row => new[] { columns[0][row][0] }.Concat(columns.Select(c => c[row][1])).ToArray())];
    }

    public static void AssertSame(List<object[]> expected, List<object[]> actual)
    {
        Assert.HasCount(expected.Count, actual);
        Assert.IsNotEmpty(expected);
        for (var row = 0; row < expected.Count; row++)
            for (var column = 0; column < expected[row].Length; column++)
                AssertSame(expected[row][column], actual[row][column], $"row {row}, value {column}");
    }

    private static List<object[]> Read(IDataView view, IEnumerable<DataViewSchema.Column> columns)
    {
        var wanted = columns.ToList();
        using var cursor = view.GetRowCursor(wanted);
        foreach (var column in view.Schema)
            Assert.AreEqual(wanted.Any(w => w.Index == column.Index), cursor.IsColumnActive(column), column.Name);
        var id = default(DataViewRowId);
        var readId = cursor.GetIdGetter();
        var readers = wanted.Select(column => Reader(cursor, column)).ToList();
        var rows = new List<object[]>();
        Assert.AreEqual(-1, cursor.Position);
        while (cursor.MoveNext())
        {
            Assert.AreEqual(rows.Count, cursor.Position);
            readId(ref id);
            rows.Add([id.ToString(), .. readers.Select(read => read())]);
        }
        Assert.IsFalse(cursor.MoveNext());
        return rows;
    }

    /// <summary>A reader of a column's value as text, number or array of numbers.</summary>
    public static Func<object> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type is VectorDataViewType vector
        ? Make(nameof(VectorReader), vector.ItemType.RawType, row, column)
        : Make(nameof(ScalarReader), column.Type.RawType, row, column);

    private static Func<object> Make(string method, Type type, DataViewRow row, DataViewSchema.Column column) =>
        (Func<object>)typeof(RowComparer).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [row, column])!;

    private static Func<object> ScalarReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var (getter, value) = (row.GetGetter<T>(column), default(T)!);
        return () =>
        {
            getter(ref value);
            return Comparable(value);
        };
    }

    private static Func<object> VectorReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var (getter, value) = (row.GetGetter<VBuffer<T>>(column), default(VBuffer<T>));
        return () =>
        {
            getter(ref value);
            return value.DenseValues().Select(v => Comparable(v)).ToArray();
        };
    }

    // Text compares by what it refers to, not by what it says.
    private static object Comparable<T>(T value) => value is ReadOnlyMemory<char> text ? text.ToString() : value!;

    private static void AssertSame(object expected, object actual, string where)
    {
        switch (expected)
        {
            case object[] vector:
                var other = (object[])actual;
                Assert.HasCount(vector.Length, other, where);
                for (var i = 0; i < vector.Length; i++)
                    AssertSame(vector[i], other[i], $"{where}[{i}]");
                break;
            case float number:
                Assert.AreEqual(number, Convert.ToSingle(actual, CultureInfo.InvariantCulture), 1e-6, where);
                break;
            default:
                Assert.AreEqual(expected, actual, where);
                break;
        }
    }
}
