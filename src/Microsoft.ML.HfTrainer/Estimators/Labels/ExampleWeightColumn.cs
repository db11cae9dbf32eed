using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Labels;

/// <summary>A column of weights, by which the losses of examples are multiplied. Rows of data without it all count alike.</summary>
internal sealed class ExampleWeightColumn(string name) : ValueColumn(name, Batch.ExampleWeights)
{
    public override string Kind => "column of example weights";

    public override bool IsOptional => true;

    /// <summary>Checks that the column is there and holds numbers. Without a name there is no column.</summary>
    public static void Check(MlHost host, SchemaShape shape, string? name)
    {
        if (name is null)
            return;
        var column = ColumnNames.Find(host, shape, "column of example weights", name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType != NumberDataViewType.Single)
            throw host.SchemaError($"The column of example weights '{name}' is {column.TypeText()}; it should be a number (Single): put mlContext.Transforms.Conversion.ConvertType(\"{name}\") before the trainer.");
    }

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type != NumberDataViewType.Single)
            throw source.Unlike(Kind, column, "Single");
        var getter = row.GetGetter<float>(column);
        var weight = 0f;
        return number =>
        {
            getter(ref weight);
            return float.IsFinite(weight) && weight >= 0
                ? weight
                : throw source.Host.Mark(new InvalidDataException(FormattableString.Invariant($"{source.NameOf(number)} has the weight {weight} in '{column.Name}'; a weight is a number from 0 up.")));
        };
    }
}
