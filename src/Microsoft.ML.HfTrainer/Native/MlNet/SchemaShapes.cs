using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Native.MlNet;

/// <summary>Makes and reads the shapes of schemas, with which estimators promise what their transformers deliver.</summary>
internal static class SchemaShapes
{
    /// <summary>The shape of a schema.</summary>
    public static SchemaShape Of(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>The shape of a column that is known in full.</summary>
    public static SchemaShape.Column Of(DataViewSchema.DetachedColumn column)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns([column]);
        return SchemaShape.Create(builder.ToSchema())[0];
    }

    /// <summary>A column of a shape.</summary>
    public static SchemaShape.Column Column(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey = false, IEnumerable<SchemaShape.Column>? annotations = null) =>
        new(name, kind, itemType, isKey, annotations is null ? null : new SchemaShape(annotations));

    /// <summary>The shape with columns added, in place of those of the same name.</summary>
    public static SchemaShape With(this SchemaShape shape, IReadOnlyCollection<SchemaShape.Column> added) =>
        new(shape.Where(column => added.All(a => a.Name != column.Name)).Concat(added));

    /// <summary>Looks a column up.</summary>
    public static bool Find(this SchemaShape shape, string name, [NotNullWhen(true)] out SchemaShape.Column? column)
    {
        column = shape.TryFindColumn(name, out var found) ? found : null;
        return column is not null;
    }

    /// <summary>The type of a column for a message, such as <c>VarVector&lt;Int64&gt;</c>.</summary>
    public static string TypeText(this SchemaShape.Column column) => column.GetTypeString();

    /// <summary>Whether a column of one shape may stand where another is asked for, annotations included.</summary>
    public static bool Accepts(this SchemaShape.Column required, SchemaShape.Column found) => required.IsCompatibleWith(found);
}
