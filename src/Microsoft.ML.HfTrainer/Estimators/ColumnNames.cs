using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Columns by their names, and their names in messages.</summary>
internal static class ColumnNames
{
    /// <summary>Suggests a name that the wanted one may be a misspelling of, and lists all: two sentences that end a message.</summary>
    public static string Found(string wanted, IEnumerable<string> names)
    {
        var all = names.Distinct().ToList();
        return $"{NamedChoice.Suggestion(wanted, all)} The columns are {string.Join(", ", all)}.".TrimStart();
    }

    /// <summary>Returns the shape of a column.</summary>
    /// <param name="host">Marks exceptions.</param>
    /// <param name="shape">The shape of the schema.</param>
    /// <param name="kind">What messages call the column, such as "label column".</param>
    /// <param name="name">The name of the column.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public static SchemaShape.Column Find(MlHost host, SchemaShape shape, string kind, string name) => shape.Find(name, out var column)
        ? column.Value
        : throw host.SchemaError($"There is no {kind} '{name}'. {Found(name, shape.Select(c => c.Name))}");
}
