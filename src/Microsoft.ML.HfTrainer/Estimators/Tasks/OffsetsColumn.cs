using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>A column of places in a text, in UTF-16 code units: one for each row, or a vector of them.</summary>
/// <param name="name">The name of the column.</param>
/// <param name="feature">The name of the feature that its numbers become.</param>
/// <param name="kind">What messages call the column.</param>
internal sealed class OffsetsColumn(string name, string feature, string kind) : ValueColumn(name, feature)
{
    public override string Kind => kind;

    /// <summary>Checks that the column is there and holds whole numbers.</summary>
    /// <param name="host">Marks exceptions.</param>
    /// <param name="shape">The schema.</param>
    /// <param name="name">The name of the column.</param>
    /// <param name="kind">What messages call the column.</param>
    /// <param name="of">What has a place, such as "entity".</param>
    /// <param name="isVector">true if it holds vectors, false for one number a row.</param>
    public static void Check(MlHost host, SchemaShape shape, string name, string kind, string of, bool isVector = true)
    {
        var column = ColumnNames.Find(host, shape, kind, name);
        if ((column.Kind != SchemaShape.Column.VectorKind.Scalar) != isVector || column.ItemType != NumberDataViewType.Int32)
            throw host.SchemaError($"The {kind} '{name}' is {column.TypeText()}; it should be {(isVector ? $"a vector of Int32, one for each {of}" : $"Int32, one for the {of}")}.");
    }

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        if ((column.Type is VectorDataViewType vector ? vector.ItemType : column.Type) != NumberDataViewType.Int32)
            throw source.Unlike(kind, column, "Int32, or a vector of it");
        if (column.Type is not VectorDataViewType)
        {
            var (numberGetter, number) = (row.GetGetter<int>(column), 0);
            return _ =>
            {
                numberGetter(ref number);
                return number;
            };
        }
        var (getter, values) = (row.GetGetter<VBuffer<int>>(column), default(VBuffer<int>));
        return _ =>
        {
            getter(ref values);
            return values.DenseValues().ToArray();
        };
    }
}
