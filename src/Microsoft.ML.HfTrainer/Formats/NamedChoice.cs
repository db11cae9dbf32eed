namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>Looks up names that a user gives, and suggests the nearest known name for one that is unknown.</summary>
internal static class NamedChoice
{
    /// <summary>Returns the value registered under a name.</summary>
    /// <exception cref="ArgumentException">The name is not known.</exception>
    public static T Resolve<T>(this IReadOnlyCollection<string> names, string name, IReadOnlyDictionary<string, T> registered, string argument, string kind) =>
        names.Fault(name, argument, kind) is { } fault ? throw new ArgumentException(fault, argument) : registered[name];

    /// <summary>Returns the error message for an unknown name; null if the name is known.</summary>
    public static string? Fault(this IReadOnlyCollection<string> names, string name, string argument, string kind) => names.Contains(name)
        ? null
        : $"TrainingArguments.{argument} is '{name}', which is not a known {kind}. Did you mean '{names.MinBy(known => Distance(known, name ?? ""))}'? Known: {string.Join(", ", names)}.";

    /// <summary>Returns a question that suggests the nearest of some names for one that is not among them, with a blank before it; empty if none is near.</summary>
    public static string Suggestion(string wanted, IEnumerable<string> names)
    {
        var nearest = names.MinBy(name => Distance(name, wanted));
        // Half of the name has to be right, or the suggestion is no help.
        return nearest is not null && 2 * Distance(nearest, wanted) <= wanted.Length ? $" Did you mean '{nearest}'?" : "";
    }

    /// <summary>Returns the Levenshtein distance of two names, ignoring case.</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                left = Math.Min(Math.Min(left, row[j]) + 1, diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }
        return row[^1];
    }
}
