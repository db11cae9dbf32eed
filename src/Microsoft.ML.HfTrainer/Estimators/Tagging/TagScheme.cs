namespace Microsoft.ML.HfTrainer.Estimators.Tagging;

/// <summary>Reads tags as the Hugging Face token classification pipeline does: <c>B-</c> begins an entity, <c>I-</c> or no prefix continues one of the same type.</summary>
internal static class TagScheme
{
    public const string Outside = "O";

    private const string Begin = "B-", Inside = "I-";

    /// <summary>The type of entity that a tag stands for.</summary>
    public static string TypeOf(string tag) => tag.StartsWith(Begin, StringComparison.Ordinal) || tag.StartsWith(Inside, StringComparison.Ordinal) ? tag[2..] : tag;

    /// <summary>Returns tags with prefixes: those without one continue entities of their type.</summary>
    public static string[] Prefixed(IEnumerable<string> tags) =>
        [.. tags.Select(tag => tag == Outside || tag is [('B' or 'I' or 'E' or 'S' or 'L' or 'U'), '-', ..] ? tag : Inside + tag)];

    /// <summary>true if a tag begins an entity even beside another one of its type.</summary>
    public static bool Begins(string tag) => tag.StartsWith(Begin, StringComparison.Ordinal);

    /// <summary>The tags of entities of some types: O, and two of each type.</summary>
    public static string[] TagsOf(IEnumerable<string> types) => [Outside, .. types.SelectMany(type => new[] { Begin + type, Inside + type })];
}
