namespace Microsoft.ML.HfTrainer;

/// <summary>Looks up what a setting names, and says what was probably meant where there is no such name.</summary>
internal static class NamedChoice
{
    /// <exception cref="ArgumentException">Nothing has the name.</exception>
    public static T Resolve<T>(this IReadOnlyCollection<string> names, string name, IReadOnlyDictionary<string, T> registered, string argument, string kind) =>
        names.Fault(name, argument, kind) is { } fault ? throw new ArgumentException(fault, argument) : registered[name];

    /// <summary>What is wrong with a name; null: it is known.</summary>
    public static string? Fault(this IReadOnlyCollection<string> names, string name, string argument, string kind) => names.Contains(name)
        ? null
        : $"TrainingArguments.{argument} is '{name}', which is not a known {kind}. Did you mean '{names.MinBy(known => Distance(known, name ?? ""))}'? Known: {string.Join(", ", names)}.";

    // Levenshtein's distance, row by row.
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
