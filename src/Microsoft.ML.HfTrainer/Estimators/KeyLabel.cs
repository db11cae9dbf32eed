using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>The classes of a key column: how many, and their values where the column has them.</summary>
/// <param name="Count">The number of classes, whether or not the data has examples of each.</param>
/// <param name="Values">The values that the keys stand for; null where the column does not say.</param>
internal sealed record KeyLabel(int Count, KeyValueList? Values)
{
    /// <summary>Checks that a label column is there and is a key, as classification wants it.</summary>
    public static SchemaShape.Column Check(MlHost host, SchemaShape shape, string name)
    {
        if (!shape.Find(name, out var column))
            throw host.SchemaError($"There is no label column '{name}'; there are {string.Join(", ", shape.Select(c => c.Name))}.");
        return column is { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: true } && column.Value.ItemType == NumberDataViewType.UInt32
            ? column.Value
            : throw host.SchemaError(
                $"The label column '{name}' is {column.Value.TypeText()}; it should be a key (Key<UInt32>): put " +
                $"mlContext.Transforms.Conversion.MapValueToKey(\"{name}\") before the trainer.");
    }

    /// <summary>Reads the classes of a label column.</summary>
    public static KeyLabel Of(MlHost host, DataViewSchema.Column column)
    {
        var count = ((KeyDataViewType)column.Type).Count;
        if (count is < 2 or > int.MaxValue)
            throw host.Mark(new ArgumentException(
                $"The label column '{column.Name}' has {count} {(count == 1 ? "class" : "classes")} by its type {column.Type}; a classifier needs " +
                "at least 2."));
        var values = KeyValueList.Of(column);
        if (values is not null && values.Type.Size != (int)count)
            throw host.Mark(new ArgumentException(
                $"The label column '{column.Name}' has {count} classes by its type {column.Type}, but {values.Type.Size} KeyValues."));
        return new KeyLabel((int)count, values);
    }

    /// <summary>
    /// A reader of class numbers from 0 (-1: missing, or none of these classes) from a label column: of keys with the same values, of keys with others, or
    /// of the values themselves.
    /// </summary>
    public Func<int> Reader(MlHost host, DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType { RawType: var raw } key && raw == typeof(uint))
        {
            var numbers = Values is not null && KeyValueList.Of(column) is { } others ? Values.IndicesOf(others)
                : (int)key.Count == Count ? [.. Enumerable.Range(0, Count)]
                : throw host.Mark(new ArgumentException(
                    $"The column '{column.Name}' has {key.Count} classes, the training data has {Count}, and without KeyValues on both they cannot be " +
                    "matched."));
            var getter = row.GetGetter<uint>(column);
            var value = 0u;
            return () =>
            {
                getter(ref value);
                return value == 0 || value > numbers.Length ? -1 : numbers[value - 1];
            };
        }
        if (Values is not null && column.Type.RawType == Values.Type.ItemType.RawType)
            return Values.IndexReader(row, column);
        throw host.Mark(new ArgumentException(
            $"The column '{column.Name}' is {column.Type}; it should be a key or hold the values that the training label's keys stand for " +
            $"({Values?.Type.ItemType.ToString() ?? "it has none"})."));
    }

    /// <summary>The weight of each class, of weights by KeyValue; 1 where none is given.</summary>
    /// <exception cref="ArgumentException">A weight is for no class, or is no number from 0 up.</exception>
    public float[] Weights(MlHost host, IReadOnlyDictionary<string, float> weights)
    {
        var names = Names ?? throw host.Mark(new ArgumentException("ClassWeights name classes by their KeyValues, and the label column has none."));
        if (weights.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw host.Mark(new ArgumentException($"ClassWeights has a weight for '{unknown}', which is no class; the classes are {string.Join(", ", names)}."));
        if (weights.FirstOrDefault(w => !(w.Value >= 0 && float.IsFinite(w.Value))) is { Key: not null } wrong)
            throw host.Mark(new ArgumentException($"ClassWeights gives '{wrong.Key}' the weight {wrong.Value}; it should be a number from 0 up."));
        return [.. names.Select(name => weights.GetValueOrDefault(name, 1))];
    }

    /// <summary>The names of the classes, as a model's configuration has them; null where the keys stand for nothing.</summary>
    public IReadOnlyList<string>? Names => Values?.Texts;

    public void Write(ArchiveWriter archive)
    {
        archive.Write(Count);
        archive.Write(Values is null ? 0 : 1);
        Values?.Write(archive);
    }

    public static KeyLabel Read(ArchiveReader archive)
    {
        var count = archive.ReadInt();
        return new KeyLabel(count, archive.ReadInt() == 0 ? null : KeyValueList.Read(archive));
    }
}
