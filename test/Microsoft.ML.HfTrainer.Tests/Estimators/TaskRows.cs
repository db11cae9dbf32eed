using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>Rows as tasks read them.</summary>
internal static class TaskRows
{
    /// <param name="ml">The context.</param>
    /// <param name="data">Data with token columns.</param>
    /// <param name="values">The other columns.</param>
    public static List<TaskRow> Of(MLContext ml, IDataView data, IReadOnlyList<TextColumn> values)
    {
        var columns = new TaskColumns(new RowSource(MlHost.For(ml, "Test")), data.Schema, new TaskInputs([new TokenInput("")], values));
        using var cursor = data.GetRowCursor(columns.All);
        var read = columns.Reader(cursor);
        var rows = new List<TaskRow>();
        while (cursor.MoveNext())
            rows.Add(read());
        return rows;
    }
}
