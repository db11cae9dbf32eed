using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Metrics.Tagging;

namespace Microsoft.ML.HfTrainer;

/// <summary>A tagging scheme, applied strictly: tags that do not follow it are not part of an entity.</summary>
public sealed class TaggingScheme
{
    private const string Any = "IOBESUL";

    private readonly string _prefixes;
    private readonly TagPattern[] _starts, _continues, _ends;

    private TaggingScheme(string name, string prefixes, TagPattern[] starts, TagPattern[] continues, TagPattern[] ends) =>
        (Name, _prefixes, _starts, _continues, _ends) = (name, prefixes, starts, continues, ends);

    /// <summary>IOB1: an entity begins with B only if it directly follows another one of its type, otherwise with I.</summary>
    public static TaggingScheme IOB1 { get; } = new("IOB1", "IOB",
        starts: [new("OB", "I"), new("I", "I", Same: false), new("IB", "B", Same: true)],
        continues: [new("BI", "I", Same: true)],
        ends: [new("BI", "O"), new("I", "B"), new("BI", "I", Same: false), new("B", "B", Same: true)]);

    /// <summary>IOB2: every entity begins with B and continues with I. The most common scheme.</summary>
    public static TaggingScheme IOB2 { get; } = new("IOB2", "IOB",
        starts: [new(Any, "B")],
        continues: [new("BI", "I", Same: true)],
        ends: [new("BI", "OB"), new("BI", "I", Same: false)]);

    /// <summary>IOE1: an entity ends with E only if another one of its type follows directly, otherwise with I.</summary>
    public static TaggingScheme IOE1 { get; } = new("IOE1", "IOE",
        starts: [new("OE", "I"), new("I", "I", Same: false), new("E", "E", Same: true)],
        continues: [new("I", "IE", Same: true)],
        ends: [new("I", "IE", Same: false), new("I", "O"), new("E", "IE", Same: true)]);

    /// <summary>IOE2: every entity ends with E.</summary>
    public static TaggingScheme IOE2 { get; } = new("IOE2", "IOE",
        starts: [new("OE", "IE"), new("I", "IE", Same: false)],
        continues: [new("I", "IE", Same: true)],
        ends: [new("E", Any)]);

    /// <summary>IOBES: an entity begins with B and ends with E; S marks an entity of one word.</summary>
    public static TaggingScheme IOBES { get; } = new("IOBES", "IOBES",
        starts: [new(Any, "BS")],
        continues: [new("BI", "IE", Same: true)],
        ends: [new("SE", Any)]);

    /// <summary>BILOU: an entity begins with B and ends with L; U marks an entity of one word.</summary>
    public static TaggingScheme BILOU { get; } = new("BILOU", "BILOU",
        starts: [new(Any, "BU")],
        continues: [new("BI", "IL", Same: true)],
        ends: [new("UL", Any)]);

    /// <summary>Gets all schemes.</summary>
    public static IReadOnlyList<TaggingScheme> All { get; } = [IOB1, IOB2, IOE1, IOE2, IOBES, BILOU];

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Returns the scheme with a name.</summary>
    /// <exception cref="ArgumentException">There is no such scheme.</exception>
    public static TaggingScheme Get(string name) => All.FirstOrDefault(scheme => scheme.Name == name)
        ?? throw new ArgumentException($"'{name}' is not a known tagging scheme.{NamedChoice.Suggestion(name, All.Select(scheme => scheme.Name))} Known: {string.Join(", ", All.Select(scheme => scheme.Name))}.", nameof(name));

    internal IEnumerable<Entity> Entities(IReadOnlyList<string> tags, bool suffix = false)
    {
        var tokens = tags.Select(tag => Parse(tag, suffix)).Append(Tag.Outside).ToArray();
        var previous = Tag.Outside;
        for (var i = 0; i < tokens.Length;)
        {
            var start = i++;
            if (TagPattern.Fits(_starts, previous, tokens[start]))
            {
                while (TagPattern.Fits(_continues, tokens[i - 1], tokens[i]))
                    i++;
                if (TagPattern.Fits(_ends, tokens[i - 1], tokens[i]))
                    yield return new(tokens[start].Type, start, i);
            }
            previous = tokens[i - 1];
        }
    }

    private Tag Parse(string tag, bool suffix) => tag.Length > 0 && _prefixes.Contains(suffix ? tag[^1] : tag[0])
        ? Tag.Of(tag, suffix, (suffix ? tag[..^1] : tag[1..]).Trim('-'))
        : throw new ArgumentException($"'{tag}' is not a tag of {Name}, which {(suffix ? "ends" : "begins")} with one of {string.Join(", ", _prefixes.AsEnumerable())}.", nameof(tag));
}
