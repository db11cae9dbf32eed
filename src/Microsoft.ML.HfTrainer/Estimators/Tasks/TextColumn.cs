using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>A column of texts, or of vectors of texts, that a task reads as they are.</summary>
/// <param name="name">The name of the column.</param>
/// <param name="feature">The name of the feature that its texts become.</param>
/// <param name="kind">What messages call the column.</param>
internal sealed class TextColumn(string name, string feature, string kind) : ValueColumn(name, feature)
{
    public override string Kind => kind;

    /// <summary>Checks that a column of texts is there.</summary>
    /// <param name="host">Marks exceptions.</param>
    /// <param name="shape">The schema.</param>
    /// <param name="name">The name of the column.</param>
    /// <param name="kind">What messages call the column.</param>
    /// <param name="isVector">true if it holds vectors of texts.</param>
    public static void Check(MlHost host, SchemaShape shape, string name, string kind, bool isVector = false)
    {
        var column = ColumnNames.Find(host, shape, kind, name);
        if (column.ItemType is not TextDataViewType || (column.Kind != SchemaShape.Column.VectorKind.Scalar) != isVector)
            throw host.SchemaError($"The {kind} '{name}' is {column.TypeText()}; it should be {(isVector ? $"a vector of {TextDataViewType.Instance}" : TextDataViewType.Instance)}.");
    }

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        if ((column.Type is VectorDataViewType vector ? vector.ItemType : column.Type) is not TextDataViewType)
            throw source.Unlike(kind, column, $"{TextDataViewType.Instance}, or a vector of it");
        if (column.Type is VectorDataViewType)
        {
            var (getter, texts) = (row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column), default(VBuffer<ReadOnlyMemory<char>>));
            return _ =>
            {
                getter(ref texts);
                return texts.DenseValues().Select(text => text.ToString()).ToArray();
            };
        }
        var (textGetter, text) = (row.GetGetter<ReadOnlyMemory<char>>(column), default(ReadOnlyMemory<char>));
        return _ =>
        {
            textGetter(ref text);
            return text.ToString();
        };
    }
}
