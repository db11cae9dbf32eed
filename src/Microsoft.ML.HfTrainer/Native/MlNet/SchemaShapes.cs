using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>Creates and reads the shapes of schemas, by which estimators describe the output of their transformers.</summary>
internal static class SchemaShapes
{
    /// <summary>Returns the shape of a schema.</summary>
    public static SchemaShape Of(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>Returns the shape of a column.</summary>
    public static SchemaShape.Column Of(DataViewSchema.DetachedColumn column)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns([column]);
        return SchemaShape.Create(builder.ToSchema())[0];
    }

    /// <summary>Creates the shape of a column.</summary>
    public static SchemaShape.Column Column(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey = false, IEnumerable<SchemaShape.Column>? annotations = null) =>
        new(name, kind, itemType, isKey, annotations is null ? null : new SchemaShape(annotations));

    /// <summary>Returns the shape with added columns, which replace columns of the same name.</summary>
    public static SchemaShape With(this SchemaShape shape, IReadOnlyCollection<SchemaShape.Column> added) =>
        new(shape.Where(column => added.All(a => a.Name != column.Name)).Concat(added));

    /// <summary>Finds a column by its name.</summary>
    public static bool Find(this SchemaShape shape, string name, [NotNullWhen(true)] out SchemaShape.Column? column)
    {
        column = shape.TryFindColumn(name, out var found) ? found : null;
        return column is not null;
    }

    /// <summary>Returns the type of a column for a message, such as <c>VarVector&lt;Int64&gt;</c>.</summary>
    public static string TypeText(this SchemaShape.Column column) => column.GetTypeString();

    /// <summary>Returns true if a column satisfies the required shape, annotations included.</summary>
    public static bool Accepts(this SchemaShape.Column required, SchemaShape.Column found) => required.IsCompatibleWith(found);
}
