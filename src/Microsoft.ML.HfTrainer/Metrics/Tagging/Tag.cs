namespace Microsoft.ML.HfTrainer.Metrics.Tagging;

/// <summary>A tag such as B-PER.</summary>
internal readonly record struct Tag(char Prefix, string Type)
{
    /// <summary>The type of a tag without one.</summary>
    public const string NoType = "_";

    public static Tag Outside { get; } = new('O', NoType);

    /// <summary>Reads a tag leniently: what follows the first dash, or precedes the last one, is the type.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="suffix">true if the prefix is at the end, as in PER-B.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    public static Tag Parse(string tag, bool suffix)
    {
        if (tag.Length == 0)
            throw new ArgumentException("A tag is empty; a word without an entity has the tag O.", nameof(tag));
        var rest = suffix ? tag[..^1] : tag[1..];
        var type = (suffix, suffix ? rest.LastIndexOf('-') : rest.IndexOf('-')) switch
        {
            (_, < 0) => rest,
            (true, var dash) => rest[..dash],
            (false, var dash) => rest[(dash + 1)..],
        };
        return Of(tag, suffix, type);
    }

    /// <summary>Returns the tag with a type, or without one if it is empty.</summary>
    public static Tag Of(string tag, bool suffix, string type) => new(suffix ? tag[^1] : tag[0], type.Length > 0 ? type : NoType);
}
