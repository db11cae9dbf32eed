namespace Microsoft.ML.HfTrainer;

/// <summary>Looks up what a setting names, and says what was probably meant where there is no such name.</summary>
internal static class NamedChoice
{
    public static T Resolve<T>(this IReadOnlyCollection<string> names, string name, IReadOnlyDictionary<string, T> registered, string argument, string kind)
    {
        if (name is not null && registered.TryGetValue(name, out var value))
            return value;
        var nearest = names.MinBy(known => Distance(known, name ?? ""));
        throw new ArgumentException($"TrainingArguments.{argument} is '{name}', which is not a known {kind}. Did you mean '{nearest}'? Known: {string.Join(", ", names)}.", argument);
    }

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
