using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Labels;

/// <summary>The classes of a key column.</summary>
/// <param name="Count">The number of classes, including those without examples.</param>
/// <param name="Values">The values that the keys stand for; null if the column has no KeyValues.</param>
internal sealed record KeyLabel(int Count, KeyValueList? Values)
{
    /// <summary>Gets the names of the classes for the configuration of a model; null if the keys stand for nothing.</summary>
    public IReadOnlyList<string>? Names => Values?.Texts;

    /// <summary>Returns true for a column of keys.</summary>
    public static bool IsKey(SchemaShape.Column column) =>
        column is { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: true } && column.ItemType == NumberDataViewType.UInt32;

    /// <summary>Checks that a label column is there and is a key.</summary>
    public static SchemaShape.Column Check(MlHost host, SchemaShape shape, string name)
    {
        var column = ColumnNames.Find(host, shape, "label column", name);
        return IsKey(column) ? column : throw host.SchemaError(
            $"The label column '{name}' is {column.TypeText()}; it should be a key (Key<UInt32>): put mlContext.Transforms.Conversion.MapValueToKey(\"{name}\") before the trainer.");
    }

    /// <summary>Gets the names of tags; the numbers of the keys if they stand for nothing.</summary>
    public string[] TagNames => [.. Names ?? [.. Enumerable.Range(1, Count).Select(key => key.ToString(CultureInfo.InvariantCulture))]];

    /// <summary>Creates classes with names.</summary>
    public static KeyLabel OfTexts(IReadOnlyCollection<string> names) => new(names.Count, KeyValueList.OfTexts(names));

    /// <summary>Reads the classes of a label column, of keys or vectors of keys.</summary>
    public static KeyLabel Of(MlHost host, DataViewSchema.Column column, ulong atLeast = 2)
    {
        var count = ((KeyDataViewType)(column.Type is VectorDataViewType vector ? vector.ItemType : column.Type)).Count;
        if (count < atLeast || count > int.MaxValue)
            throw host.Mark(new ArgumentException(
                $"The label column '{column.Name}' has {count} {(count == 1 ? "class" : "classes")} by its type {column.Type}; a classifier needs " +
                $"at least {atLeast}."));
        var values = KeyValueList.Of(column);
        if (values is not null && values.Type.Size != (int)count)
            throw host.Mark(new ArgumentException(
                $"The label column '{column.Name}' has {count} classes by its type {column.Type}, but {values.Type.Size} KeyValues."));
        return new KeyLabel((int)count, values);
    }

    /// <summary>
    /// Creates a reader of classes from a column of keys with the same KeyValues, of keys with others, or of the values themselves.
    /// </summary>
    public Func<FoundClass> Reader(MlHost host, DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType { RawType: var raw } key && raw == typeof(uint))
        {
            var classes = ClassesOf(host, column, key);
            var getter = row.GetGetter<uint>(column);
            var value = 0u;
            return () =>
            {
                getter(ref value);
                return ClassOf(value, classes);
            };
        }
        if (Values is not null && column.Type.RawType == Values.Type.ItemType.RawType)
            return Values.Reader(row, column);
        throw host.Mark(new ArgumentException(
            $"The column '{column.Name}' is {column.Type}; it should be a key or hold the values that the training label's keys stand for " +
            $"({Values?.Type.ItemType.ToString() ?? "it has none"})."));
    }

    /// <summary>Creates a reader of classes from a column of vectors, of the same types as <see cref="Reader"/> takes.</summary>
    public Func<FoundClass[]> VectorReader(MlHost host, DataViewRow row, DataViewSchema.Column column)
    {
        var item = (column.Type as VectorDataViewType)?.ItemType;
        if (item is KeyDataViewType { RawType: var raw } key && raw == typeof(uint))
        {
            var classes = ClassesOf(host, column, key);
            var getter = row.GetGetter<VBuffer<uint>>(column);
            var keys = default(VBuffer<uint>);
            return () =>
            {
                getter(ref keys);
                return [.. keys.DenseValues().Select(value => ClassOf(value, classes))];
            };
        }
        return Values is not null && item?.RawType == Values.Type.ItemType.RawType ? Values.VectorReader(row, column) : throw host.Mark(new ArgumentException(
            $"The column '{column.Name}' is {column.Type}; it should hold vectors of keys, or of the values that the training label's keys stand for " +
            $"({Values?.Type.ItemType.ToString() ?? "it has none"})."));
    }

    /// <summary>An exception about a label that is missing or none of the classes.</summary>
    /// <param name="row">The name of the row.</param>
    /// <param name="column">The name of the column.</param>
    /// <param name="found">What was read.</param>
    /// <param name="place">The place of the label in the row, from 0; null if the row has one label.</param>
    public InvalidDataException Refuse(string row, string column, FoundClass found, int? place = null)
    {
        var number = place is { } index ? $" {index + 1}" : "";
        return new(found.Unknown is { } unknown
            ? $"{row} has '{unknown}' as label{number} in '{column}', which is none of the {Count} classes of the training data.{NamedChoice.Suggestion(unknown, TagNames)} Give it one of them, or filter the row out."
            : $"{row} has no label{number}: its value in '{column}' is missing. Give it one of the {Count} classes, or filter the row out.");
    }

    /// <summary>Returns the weight of each class, given weights by KeyValue. Default: 1.</summary>
    /// <exception cref="ArgumentException">A weight has the name of no class, or is negative or not finite.</exception>
    public float[] Weights(MlHost host, IReadOnlyDictionary<string, float> weights)
    {
        var names = Names ?? throw host.Mark(new ArgumentException("ClassWeights name classes by the KeyValues of the label column, or by the SlotNames of a vector, and it has none."));
        if (weights.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw host.Mark(new ArgumentException($"ClassWeights has a weight for '{unknown}', which is no class; the classes are {string.Join(", ", names)}.{NamedChoice.Suggestion(unknown, names)}"));
        if (weights.FirstOrDefault(w => !(w.Value >= 0 && float.IsFinite(w.Value))) is { Key: not null } wrong)
            throw host.Mark(new ArgumentException(FormattableString.Invariant($"ClassWeights gives '{wrong.Key}' the weight {wrong.Value}; it should be a number from 0 up.")));
        return [.. names.Select(name => weights.GetValueOrDefault(name, 1))];
    }

    /// <summary>Describes the column of predicted classes: a key with the KeyValues of the label.</summary>
    public DataViewSchema.DetachedColumn PredictedColumn(string name) => PredictedColumn(name, new KeyDataViewType(typeof(uint), Count));

    /// <summary>Describes a column of vectors of predicted classes.</summary>
    public DataViewSchema.DetachedColumn PredictedVectorColumn(string name) => PredictedColumn(name, new VectorDataViewType(new KeyDataViewType(typeof(uint), Count)));

    /// <summary>Describes the column of the scores of the classes, with the annotations by which ML.NET's evaluators know it.</summary>
    /// <param name="name">The name of the column.</param>
    /// <param name="input">The schema of the data that it is added to.</param>
    public DataViewSchema.DetachedColumn ScoreColumn(string name, DataViewSchema input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Values?.AddTo(annotations, ScoreAnnotations.TrainingLabelValues);
        if (Values?.Type.ItemType is TextDataViewType)
            Values.AddTo(annotations, ScoreAnnotations.SlotNames);
        annotations.AddScore(input, ScoreAnnotations.MulticlassClassification);
        return new(name, new VectorDataViewType(NumberDataViewType.Single, Count), annotations.ToAnnotations());
    }

    /// <summary>Returns the shape of <see cref="PredictedColumn(string)"/> for a label column.</summary>
    public static SchemaShape.Column PredictedShape(string name, SchemaShape.Column label) => SchemaShapes.Column(
        name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
        KeyValuesOf(label));

    /// <summary>Returns the shape of the KeyValues of a label column; empty if it has none.</summary>
    public static IEnumerable<SchemaShape.Column> KeyValuesOf(SchemaShape.Column label) =>
        label.Annotations.Where(a => a.Name == ScoreAnnotations.KeyValues && a.Kind == SchemaShape.Column.VectorKind.Vector);

    /// <summary>Returns the shape of <see cref="ScoreColumn"/> for a label column.</summary>
    public static SchemaShape.Column ScoreShape(string name, SchemaShape.Column label) => SchemaShapes.Column(
        name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, annotations: ScoreAnnotations.OfMulticlassScore(label));

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

    private DataViewSchema.DetachedColumn PredictedColumn(string name, DataViewType type)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Values?.AddTo(annotations, ScoreAnnotations.KeyValues);
        return new(name, type, annotations.ToAnnotations());
    }

    // The class of each key of a column.
    private FoundClass[] ClassesOf(MlHost host, DataViewSchema.Column column, KeyDataViewType key) =>
        Values is not null && KeyValueList.Of(column) is { } others ? Values.Find(others)
        : (int)key.Count == Count ? [.. Enumerable.Range(0, Count).Select(index => new FoundClass(index))]
        : throw host.Mark(new ArgumentException(
            $"The column '{column.Name}' has {key.Count} classes, the training data has {Count}, and without KeyValues on both they cannot be matched."));

    private static FoundClass ClassOf(uint key, FoundClass[] classes) => key == 0 || key > classes.Length ? FoundClass.Missing : classes[key - 1];
}
