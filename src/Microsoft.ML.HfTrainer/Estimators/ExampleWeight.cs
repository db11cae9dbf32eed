using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>A column that says how much each row counts in training.</summary>
internal static class ExampleWeight
{
    /// <summary>Checks that the column is there and holds numbers; no name, no column.</summary>
    public static void Check(MlHost host, SchemaShape shape, string? name)
    {
        if (name is null)
            return;
        if (!shape.Find(name, out var column))
            throw host.SchemaError($"There is no column of example weights '{name}'; there are {string.Join(", ", shape.Select(c => c.Name))}.");
        if (column.Value.Kind != SchemaShape.Column.VectorKind.Scalar || column.Value.ItemType != NumberDataViewType.Single)
            throw host.SchemaError($"The column of example weights '{name}' is {column.Value.TypeText()}; it should be a number (Single): put mlContext.Transforms.Conversion.ConvertType(\"{name}\") before the trainer.");
    }

    /// <summary>The column in data; null where there is none, as in a validation set, whose rows then all count alike.</summary>
    public static DataViewSchema.Column? Of(DataViewSchema schema, string? name) => name is null ? null : schema.GetColumnOrNull(name);

    /// <summary>A reader of weights, which is given the row's number from 1.</summary>
    public static Func<long, float> Reader(TokenData data, DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<float>(column);
        var weight = 0f;
        return number =>
        {
            getter(ref weight);
            return float.IsFinite(weight) && weight >= 0
                ? weight
                : throw data.Host.Mark(new InvalidDataException($"{data.NameOf(number)} has the weight {weight} in '{column.Name}'; a weight is a number from 0 up."));
        };
    }
}
