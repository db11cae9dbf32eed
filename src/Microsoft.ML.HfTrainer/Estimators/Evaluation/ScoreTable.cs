using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Estimators.Evaluation;

/// <summary>A table of scores, and single values below it, as text.</summary>
internal static class ScoreTable
{
    private const int NumberWidth = 5;

    private static readonly string[] _head = ["precision", "recall", "f1", "support"];

    /// <summary>Formats the scores of classes.</summary>
    /// <param name="rows">The scores, with the name of their class.</param>
    /// <param name="values">Values of all classes; those that are NaN are left out.</param>
    public static string Of(IEnumerable<(string Name, PrecisionRecallF1 Score)> rows, params IEnumerable<(string Name, double Value)> values)
    {
        var lines = rows.Select(row => (row.Name, Cells: new[] { Number(row.Score.Precision), Number(row.Score.Recall), Number(row.Score.F1), Whole(row.Score.Support) })).ToList();
        var width = lines.Max(line => line.Name.Length);
        var text = new StringBuilder();
        foreach (var (name, cells) in lines.Prepend(("", _head)))
            text.Append(name.PadRight(width)).AppendJoin("", cells.Select((cell, i) => cell.PadLeft(Math.Max(_head[i].Length, NumberWidth) + 2))).Append('\n');
        return text.AppendJoin(", ", values.Where(value => !double.IsNaN(value.Value)).Select(value => $"{value.Name} {Number(value.Value)}")).ToString().TrimEnd('\n');
    }

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
