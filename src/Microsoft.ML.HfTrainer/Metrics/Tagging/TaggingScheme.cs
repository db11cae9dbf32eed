using Microsoft.ML.HfTrainer.Metrics.Tagging;

namespace Microsoft.ML.HfTrainer;

/// <summary>How tags mark the entities of a sentence, taken at its word: what does not follow the scheme is no entity.</summary>
public sealed class TaggingScheme
{
    private const string Any = "IOBESUL";

    private readonly string _prefixes;
    private readonly TagPattern[] _starts, _continues, _ends;

    private TaggingScheme(string name, string prefixes, TagPattern[] starts, TagPattern[] continues, TagPattern[] ends) =>
        (Name, _prefixes, _starts, _continues, _ends) = (name, prefixes, starts, continues, ends);

    /// <summary>B begins an entity only right after another of its type; I else.</summary>
    public static TaggingScheme IOB1 { get; } = new("IOB1", "IOB",
        starts: [new("OB", "I"), new("I", "I", Same: false), new("IB", "B", Same: true)],
        continues: [new("BI", "I", Same: true)],
        ends: [new("BI", "O"), new("I", "B"), new("BI", "I", Same: false), new("B", "B", Same: true)]);

    /// <summary>B begins every entity, I goes on: the usual one.</summary>
    public static TaggingScheme IOB2 { get; } = new("IOB2", "IOB",
        starts: [new(Any, "B")],
        continues: [new("BI", "I", Same: true)],
        ends: [new("BI", "OB"), new("BI", "I", Same: false)]);

    /// <summary>E ends an entity only right before another of its type.</summary>
    public static TaggingScheme IOE1 { get; } = new("IOE1", "IOE",
        starts: [new("OE", "I"), new("I", "I", Same: false), new("E", "E", Same: true)],
        continues: [new("I", "IE", Same: true)],
        ends: [new("I", "IE", Same: false), new("I", "O"), new("E", "IE", Same: true)]);

    /// <summary>E ends every entity.</summary>
    public static TaggingScheme IOE2 { get; } = new("IOE2", "IOE",
        starts: [new("OE", "IE"), new("I", "IE", Same: false)],
        continues: [new("I", "IE", Same: true)],
        ends: [new("E", Any)]);

    /// <summary>B begins an entity, E ends it, S is one of a single word.</summary>
    public static TaggingScheme IOBES { get; } = new("IOBES", "IOBES",
        starts: [new(Any, "BS")],
        continues: [new("BI", "IE", Same: true)],
        ends: [new("SE", Any)]);

    /// <summary>B begins an entity, L ends it, U is one of a single word.</summary>
    public static TaggingScheme BILOU { get; } = new("BILOU", "BILOU",
        starts: [new(Any, "BU")],
        continues: [new("BI", "IL", Same: true)],
        ends: [new("UL", Any)]);

    /// <summary>All schemes.</summary>
    public static IReadOnlyList<TaggingScheme> All { get; } = [IOB1, IOB2, IOE1, IOE2, IOBES, BILOU];

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The scheme of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TaggingScheme Get(string name) => All.FirstOrDefault(scheme => scheme.Name == name)
        ?? throw new ArgumentException($"'{name}' is not a known tagging scheme. Known: {string.Join(", ", All.Select(scheme => scheme.Name))}.", nameof(name));

    internal IEnumerable<Entity> Entities(IReadOnlyList<string> tags)
    {
        var tokens = tags.Select(Parse).Append(Tag.Outside).ToArray();
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

    private Tag Parse(string tag) => tag.Length > 0 && _prefixes.Contains(tag[0])
        ? new(tag[0], tag[1..].Trim('-') is { Length: > 0 } type ? type : Tag.NoType)
        : throw new ArgumentException($"'{tag}' is not a tag of {Name}, which begins with one of {string.Join(", ", _prefixes.AsEnumerable())}.", nameof(tag));
}
