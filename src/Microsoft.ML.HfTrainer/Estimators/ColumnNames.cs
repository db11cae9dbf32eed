using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Names of columns in messages.</summary>
internal static class ColumnNames
{
    /// <summary>Suggests a name that the wanted one may be a misspelling of, and lists all: two sentences that end a message.</summary>
    public static string Found(string wanted, IEnumerable<string> names)
    {
        var all = names.Distinct().ToList();
        var nearest = all.MinBy(name => NamedChoice.Distance(name, wanted));
        // Half of the name has to be right, or the suggestion is no help.
        var suggestion = nearest is not null && 2 * NamedChoice.Distance(nearest, wanted) <= wanted.Length ? $"Did you mean '{nearest}'? " : "";
        return $"{suggestion}The columns are {string.Join(", ", all)}.";
    }
}
