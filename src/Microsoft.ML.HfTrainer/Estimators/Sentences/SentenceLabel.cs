using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Sentences;

/// <summary>The label columns that losses on embeddings take.</summary>
internal static class SentenceLabel
{
    private sealed record Kind(Action<MlHost, SchemaShape, string> Check, Func<MlHost, DataViewSchema.Column, ValueColumn> Column);

    private static readonly Dictionary<SentenceLabels, Kind> _kinds = new()
    {
        [SentenceLabels.Score] = new(NumberColumn.Check, (_, column) => new NumberColumn(column.Name, isDecision: false)),
        [SentenceLabels.Binary] = new(NumberColumn.Check, (_, column) => new NumberColumn(column.Name, isDecision: true)),
        [SentenceLabels.Class] = new((host, shape, name) => KeyLabel.Check(host, shape, name), (host, column) => new KeyLabelColumn(column.Name, KeyLabel.Of(host, column))),
        [SentenceLabels.Vector] = new(VectorColumn.Check, (_, column) => new VectorColumn(column.Name)),
    };

    /// <summary>Checks that a label column is there and holds what a loss takes.</summary>
    public static void Check(MlHost host, SchemaShape shape, string name, SentenceLabels labels) => _kinds[labels].Check(host, shape, name);

    /// <summary>Returns the label column of a schema.</summary>
    public static ValueColumn Column(MlHost host, DataViewSchema schema, string name, SentenceLoss loss) =>
        loss is CosineSimilarityLoss ? new NumberColumn(name, isDecision: false) { IsCosine = true } : _kinds[loss.Labels].Column(host, schema[name]);
}

/// <summary>A column of scores, or of decisions: 1 for texts that belong together, 0 for others.</summary>
internal sealed class NumberColumn(string name, bool isDecision) : ValueColumn(name, Batch.Labels)
{
    private delegate double Reading();

    private static readonly Dictionary<DataViewType, Func<DataViewRow, DataViewSchema.Column, Reading>> _types = new()
    {
        [NumberDataViewType.Single] = (row, column) => Read<float>(row, column, value => value),
        [NumberDataViewType.Double] = (row, column) => Read<double>(row, column, value => value),
        [NumberDataViewType.Int32] = (row, column) => Read<int>(row, column, value => value),
        [BooleanDataViewType.Instance] = (row, column) => Read<bool>(row, column, value => value ? 1 : 0),
    };

    /// <summary>true if cosines are learned, which other scales of scores are not, such as that from 0 to 5.</summary>
    public bool IsCosine { get; init; }

    public override string Kind => "label column";

    public static void Check(MlHost host, SchemaShape shape, string name)
    {
        var column = ColumnNames.Find(host, shape, "label column", name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.IsKey || !_types.ContainsKey(column.ItemType))
            throw host.SchemaError($"The label column '{name}' is {column.TypeText()}; it should be one of {string.Join(", ", _types.Keys)}: put mlContext.Transforms.Conversion.ConvertType(\"{name}\") before the trainer.");
    }

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        if (!_types.TryGetValue(column.Type, out var reading))
            throw source.Unlike(Kind, column, $"one of {string.Join(", ", _types.Keys)}");
        var (read, isWarned) = (reading(row, column), !IsCosine);
        return number =>
        {
            var value = read();
            if (isDecision ? value is not (0 or 1) : !double.IsFinite(value))
                throw source.Host.Mark(new InvalidDataException(
                    FormattableString.Invariant($"{source.NameOf(number)} has the label {value} in '{column.Name}'; it should be {(isDecision ? "1 for texts that belong together, 0 for others" : "a number")}.")));
            if (!isWarned && Math.Abs(value) > 1)
            {
                isWarned = true;
                source.Host.Warn(FormattableString.Invariant(
                    $"{source.NameOf(number)} has the label {value} in '{column.Name}', and what is learned is a cosine, from -1 to 1; divide the labels by the highest score there is, such as those from 0 to 5 by 5."));
            }
            return (float)value;
        };
    }

    private static Reading Read<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> convert)
    {
        var (getter, value) = (row.GetGetter<T>(column), default(T)!);
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }
}

/// <summary>A column of the embedding that each row should have.</summary>
internal sealed class VectorColumn(string name) : ValueColumn(name, Batch.Labels)
{
    public override string Kind => "label column";

    public static void Check(MlHost host, SchemaShape shape, string name)
    {
        var column = ColumnNames.Find(host, shape, "label column", name);
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar || column.ItemType != NumberDataViewType.Single)
            throw host.SchemaError($"The label column '{name}' is {column.TypeText()}; it should be a vector of Single, the embedding that each row should have.");
    }

    public override Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { ItemType: var item } || item != NumberDataViewType.Single)
            throw source.Unlike(Kind, column, "a vector of Single");
        var (getter, values) = (row.GetGetter<VBuffer<float>>(column), default(VBuffer<float>));
        return number =>
        {
            getter(ref values);
            var vector = values.DenseValues().ToArray();
            return vector.Length > 0 && vector.All(float.IsFinite) ? vector : throw source.Host.Mark(new InvalidDataException(
                $"{source.NameOf(number)} has {(vector.Length == 0 ? "no numbers" : "a number that is not finite")} in '{column.Name}'; it should be the embedding that the row should have."));
        };
    }
}
