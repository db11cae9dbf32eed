using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Labels;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Classification;

/// <summary>A kind of label, by the type of its column.</summary>
/// <param name="Wanted">What its column is, and how one is made, for messages.</param>
/// <param name="HasThreshold">true if a threshold decides the predicted label.</param>
/// <param name="Accepts">Returns true if a column is of the kind.</param>
/// <param name="Shapes">Returns the shapes of the columns of predictions for a label column.</param>
/// <param name="Of">Reads what a label column says about its label.</param>
internal sealed record LabelKind(
    Func<string, string> Wanted, bool HasThreshold, Func<SchemaShape.Column, bool> Accepts, Func<PredictionSettings, SchemaShape.Column, IEnumerable<SchemaShape.Column>> Shapes,
    Func<MlHost, DataViewSchema.Column, TextLabel> Of)
{
    // Files name a kind by its place.
    private static (LabelKind Kind, Func<KeyLabel, TextLabel> Restore)[] Known =>
    [
        (ClassLabel.Definition, classes => new ClassLabel(classes)), (BinaryLabel.Definition, _ => new BinaryLabel()), (MultiLabel.Definition, classes => new MultiLabel(classes)),
        (NumberLabel.Definition, _ => new NumberLabel()),
    ];

    /// <summary>All kinds.</summary>
    public static IEnumerable<LabelKind> All => Known.Select(entry => entry.Kind);

    /// <summary>Finds the kind of a label column.</summary>
    /// <param name="host">Marks exceptions.</param>
    /// <param name="shape">The schema.</param>
    /// <param name="name">The name of the column.</param>
    /// <param name="allowed">The kinds that it may be of.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is of no allowed kind.</exception>
    public static LabelKind Find(MlHost host, SchemaShape shape, string name, IReadOnlyCollection<LabelKind> allowed, out SchemaShape.Column column)
    {
        var found = column = ColumnNames.Find(host, shape, "label column", name);
        return allowed.FirstOrDefault(kind => kind.Accepts(found)) ?? throw host.SchemaError(
            $"The label column '{name}' is {found.TypeText()}; it should be {string.Join("; or ", allowed.Select(kind => kind.Wanted(name)))}.");
    }

    /// <summary>Returns the shapes of the columns of predictions of a label that is like those of the kind.</summary>
    public static IEnumerable<SchemaShape.Column> ShapesOf(TextLabel label, PredictionSettings settings) =>
        label.Outputs(settings, new DataViewSchema.Builder().ToSchema()).Select(output => SchemaShapes.Of(output.Column));

    /// <summary>Returns true for a column of single values of a type.</summary>
    public static bool IsScalar(SchemaShape.Column column, PrimitiveDataViewType type) =>
        column is { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: false } && column.ItemType.Equals(type);

    public static void Write(ArchiveWriter archive, TextLabel label)
    {
        archive.Write(Array.FindIndex(Known, entry => entry.Kind == label.Kind));
        label.Classes.Write(archive);
    }

    /// <summary>Reads a label; in the first two versions of the format, all are keys.</summary>
    public static TextLabel Read(ArchiveReader archive)
    {
        var kind = archive.Version <= 2 ? 0 : archive.ReadInt();
        if (kind < 0 || kind >= Known.Length)
            throw new InvalidDataException($"The model file is damaged: there is no label of the kind {kind}.");
        return Known[kind].Restore(KeyLabel.Read(archive));
    }
}
