using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>The id of a repository of models: <c>name</c> or <c>owner/name</c>.</summary>
internal sealed partial record RepositoryId
{
    private const int MaxLength = 96;

    private RepositoryId(string name) => Name = name;

    public string Name { get; }

    /// <summary>The name of its folder in the cache.</summary>
    public string FolderName => $"models--{Name.Replace("/", "--")}";

    /// <summary>Reads an id by the hub's rules; <paramref name="fault"/> is what is wrong with one that breaks them.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RepositoryId? id, [NotNullWhen(false)] out string? fault)
    {
        fault = text switch
        {
            _ when !Form().IsMatch(text) => "an id is 'name' or 'owner/name', of letters, digits, '-', '_' and '.', each beginning and ending with a letter, a digit or '_'",
            { Length: > MaxLength } => $"an id has at most {MaxLength} characters, this one {text.Length}",
            _ when text.Contains("--") || text.Contains("..") => "an id has no '--' and no '..'",
            _ when text.EndsWith(".git", StringComparison.OrdinalIgnoreCase) => "an id does not end with '.git'",
            _ => null,
        };
        id = fault is null ? new RepositoryId(text) : null;
        return id is not null;
    }

    /// <summary>The id whose folder in a cache has that name; null where none has.</summary>
    public static RepositoryId? OfFolder(string folderName) =>
        folderName.StartsWith("models--", StringComparison.Ordinal) && TryParse(folderName["models--".Length..].Replace("--", "/"), out var id, out _) ? id : null;

    public override string ToString() => Name;

    [GeneratedRegex(@"\A([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?/)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\z")]
    private static partial Regex Form();
}
