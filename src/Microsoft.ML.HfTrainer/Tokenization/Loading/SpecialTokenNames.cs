using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The special tokens by role: as configured, otherwise the defaults of the tokenizer's class or family.</summary>
internal sealed class SpecialTokenNames
{
    private static readonly Dictionary<string, string>[] Families =
    [
        new() { ["pad"] = "[PAD]", ["unk"] = "[UNK]", ["cls"] = "[CLS]", ["sep"] = "[SEP]", ["mask"] = "[MASK]" },
        new()
        {
            ["pad"] = "<pad>", ["unk"] = "<unk>", ["cls"] = "<s>", ["sep"] = "</s>", ["mask"] = "<mask>", ["bos"] = "<s>", ["eos"] = "</s>",
        },
        new() { ["unk"] = "<|endoftext|>", ["bos"] = "<|endoftext|>", ["eos"] = "<|endoftext|>" },
    ];

    private readonly Dictionary<string, string> _names;

    private SpecialTokenNames(Dictionary<string, string> names) => _names = names;

    /// <summary>Gets the token of a role (<c>pad</c>, <c>unk</c>, <c>cls</c>, <c>sep</c>, <c>mask</c>, <c>bos</c>, <c>eos</c>), or null.</summary>
    public string? this[string role] => _names.GetValueOrDefault(role);

    /// <summary>The tokens by role.</summary>
    public IReadOnlyDictionary<string, string> All => _names;

    /// <summary>Indicates whether a token has a role.</summary>
    public bool Contains(string? token) => token is not null && _names.ContainsValue(token);

    /// <summary>
    /// Reads the configuration, then special_tokens_map.json. A role that neither specifies gets its token from <paramref name="specialTokens"/> if
    /// <paramref name="knows"/> accepts it. If no role has a token, the first family of defaults is used whose tokens <paramref name="knows"/>
    /// accepts.
    /// </summary>
    public static SpecialTokenNames Read(
        PartReader? configuration, PartReader? map, Func<string, bool> knows, IReadOnlyDictionary<string, string>? specialTokens = null)
    {
        var names = Read(configuration, map, specialTokens?.Where(token => knows(token.Value)).ToDictionary() ?? []);
        return names._names.Count > 0 ? names : new SpecialTokenNames(Families.FirstOrDefault(family => family.Values.All(knows)) ?? []);
    }

    /// <summary>
    /// Reads the configuration, then special_tokens_map.json. A role that neither specifies gets its token from <paramref name="specialTokens"/>.
    /// </summary>
    public static SpecialTokenNames Read(PartReader? configuration, PartReader? map, IReadOnlyDictionary<string, string> specialTokens)
    {
        var names = new Dictionary<string, string>();
        foreach (var role in Families[1].Keys)
        {
            var silent = !Mentions(configuration, role) && !Mentions(map, role);
            if ((Content(configuration, role) ?? Content(map, role) ?? (silent ? specialTokens.GetValueOrDefault(role) : null)) is { } content)
                names.Add(role, content);
        }
        return new SpecialTokenNames(names);
    }

    /// <summary>Returns the token that a file declares for a role together with its flags, or null if it declares none with flags.</summary>
    public static AddedToken? Declared(PartReader? file, string role, int id) =>
        file?.Child(role + "_token") is { Element.ValueKind: JsonValueKind.Object } token ? AddedToken.Read(token, id) with { Special = true } : null;

    // A role that is set to null has no token.
    private static bool Mentions(PartReader? file, string role) => file is { } json && json.Element.TryGetProperty(role + "_token", out _);

    private static string? Content(PartReader? file, string role) =>
        file?.Child(role + "_token") is not { } token ? null
        : token.Element.ValueKind == JsonValueKind.Object ? token.Text("content") : token.AsText();
}
