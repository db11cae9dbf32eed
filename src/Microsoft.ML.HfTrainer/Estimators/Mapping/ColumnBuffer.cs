using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>The values of a column for rows that were read ahead.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>Creates a buffer for the values of a column.</summary>
    public static ColumnBuffer Of(DataViewRow row, DataViewSchema.Column column, int capacity)
    {
        var type = column.Type is VectorDataViewType vector
            ? typeof(VectorColumnBuffer<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ColumnBuffer<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(type, row, column, capacity)!;
    }

    /// <summary>Stores the value of the current row in a place.</summary>
    public abstract void Keep(int place);

    /// <summary>Creates a getter of the value in the place that <paramref name="current"/> returns.</summary>
    public abstract Delegate Getter(Func<int> current);
}

/// <summary>A buffer of values that assignment copies.</summary>
internal class ColumnBuffer<T>(ValueGetter<T> getter, int capacity) : ColumnBuffer
{
    private readonly T[] _values = new T[capacity];

    // Found by ColumnBuffer.Of.
    public ColumnBuffer(DataViewRow row, DataViewSchema.Column column, int capacity) : this(row.GetGetter<T>(column), capacity)
    {
    }

    public override void Keep(int place) => getter(ref _values[place]);

    public override Delegate Getter(Func<int> current) => (ValueGetter<T>)((ref T value) => Copy(in _values[current()], ref value));

    protected virtual void Copy(in T source, ref T destination) => destination = source;
}

/// <summary>A buffer of vectors, each with its own memory.</summary>
internal sealed class VectorColumnBuffer<T>(DataViewRow row, DataViewSchema.Column column, int capacity)
    : ColumnBuffer<VBuffer<T>>(row.GetGetter<VBuffer<T>>(column), capacity)
{
    protected override void Copy(in VBuffer<T> source, ref VBuffer<T> destination) => source.CopyTo(ref destination);
}
