using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Names of columns in messages.</summary>
internal static class ColumnNames
{
    /// <summary>Suggests a name that the wanted one may be a misspelling of, and lists all: two sentences that end a message.</summary>
    public static string Found(string wanted, IEnumerable<string> names)
    {
        var all = names.Distinct().ToList();
        return $"{NamedChoice.Suggestion(wanted, all)} The columns are {string.Join(", ", all)}.".TrimStart();
    }
}
