using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The tokens declared by the files beside a vocabulary, in the order in which Hugging Face Transformers adds them.</summary>
internal static class DeclaredTokens
{
    /// <summary>The roles of special tokens, in the order of Hugging Face Transformers.</summary>
    public static readonly IReadOnlyList<string> Roles = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"];

    private const string Decoder = "added_tokens_decoder", AddedTokens = "added_tokens.json", ExtraTokens = "extra_special_tokens", AdditionalTokens = "additional_special_tokens";

    /// <summary>
    /// Reads the declared tokens: those with ids, then those with a role (from <paramref name="specialTokens"/> if no file specifies one), then the
    /// further tokens listed in the configuration, or <paramref name="extras"/> if it lists none. <see cref="AddedVocabulary"/> assigns
    /// their ids.
    /// </summary>
    public static List<AddedToken> Read(TokenizerFiles files, IReadOnlyDictionary<string, string> specialTokens, IEnumerable<AddedToken> extras)
    {
        var (configuration, map) = (files.Json(TokenizerFiles.Configuration), files.Json(TokenizerFiles.SpecialTokens));
        var numbered = configuration?.Child(Decoder) is { } decoder ? ReadDecoder(decoder) : null;
        // A configuration with added_tokens_decoder is written by versions that ignore the other two files.
        if (numbered is not null)
            map = null;
        var maskTakesSpace = TokenizerClass.Find(configuration?.OptionalText("tokenizer_class")).MaskTakesSpace;
        var named = Roles.Select(role => Role(configuration, map, role, specialTokens, takesSpace: maskTakesSpace && role == "mask")).OfType<AddedToken>().Concat(OtherRoles(configuration)).Concat(OtherRoles(map)).DistinctBy(token => token.Content).ToList();
        var listed = Listed(configuration, map);
        numbered ??= files.Json(AddedTokens) is { } file ? ReadNumbers(file, [.. named.Concat(Listed(configuration, map: null) ?? []).Select(token => token.Content)]) : [];

        var tokens = numbered.OrderBy(token => token.Id).ToList();
        var known = tokens.Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        tokens.AddRange(named.Concat(listed ?? extras).Where(token => !known.Contains(token.Content)));
        var names = named.Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        return tokens.ConvertAll(token => names.Contains(token.Content) ? token with { Special = true } : token);
    }

    private static List<AddedToken> ReadDecoder(PartReader decoder)
    {
        if (decoder.Element.ValueKind != JsonValueKind.Object)
            throw decoder.Expected("an object");
        var tokens = new List<AddedToken>();
        foreach (var entry in decoder.Element.EnumerateObject())
        {
            tokens.Add(AddedToken.Read(decoder.Object(entry.Name), int.TryParse(entry.Name, out var id)
                ? id
                : throw decoder.Error($"found '{entry.Name}'; a key must be the id of a token.")));
        }
        return tokens;
    }

    private static List<AddedToken> ReadNumbers(PartReader file, HashSet<string> special) =>
        // Of tokens with one number the last counts.
        [.. file.Element.EnumerateObject().Select(entry => new AddedToken(file.Number(entry.Name), entry.Name)
        {
            Special = special.Contains(entry.Name), Normalized = !special.Contains(entry.Name),
        }).GroupBy(token => token.Id, (_, tokens) => tokens.Last())];

    // A role that a file sets to null has no token, even if the class has a default.
    private static AddedToken? Role(PartReader? configuration, PartReader? map, string role, IReadOnlyDictionary<string, string> specialTokens, bool takesSpace)
    {
        var name = role + "_token";
        if ((map?.Child(name) ?? configuration?.Child(name)) is { } token)
            return token.Element.ValueKind == JsonValueKind.Object ? Token(token) : Token(token) with { LeftStrip = takesSpace };
        return Names(map, name) || Names(configuration, name) || !specialTokens.TryGetValue(role, out var content) ? null : SpecialToken(content) with { LeftStrip = takesSpace };
    }

    // Tokens of other roles, such as image_token, which only some models have.
    private static IEnumerable<AddedToken> OtherRoles(PartReader? configuration) => configuration is not { } json ? [] : json.Element.EnumerateObject()
        .Where(entry => entry.Name.EndsWith("_token", StringComparison.Ordinal) && !Roles.Contains(entry.Name[..^6]))
        .Where(entry => entry.Value.ValueKind == JsonValueKind.String || (entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty("content", out _)))
        .Select(entry => Token(json.Required(entry.Name)));

    // An object names roles, beside which there may be a list. A list of the configuration replaces that of the map.
    private static List<AddedToken>? Listed(PartReader? configuration, PartReader? map)
    {
        var extra = configuration?.Child(ExtraTokens);
        var roles = extra is { Element.ValueKind: JsonValueKind.Object } named ? [.. named.Element.EnumerateObject().Select(entry => Token(named.Required(entry.Name)))] : (List<AddedToken>?)null;
        var list = (roles is null ? extra : null) ?? configuration?.Child(AdditionalTokens) ?? map?.Child(ExtraTokens) ?? map?.Child(AdditionalTokens);
        return list is null ? roles : [.. roles ?? [], .. list.Value.AsItems().Select(Token)];
    }

    private static AddedToken Token(PartReader json) => json.Element.ValueKind == JsonValueKind.Object
        ? AddedToken.Read(json, -1) with { Special = true }
        : SpecialToken(json.AsText());

    private static AddedToken SpecialToken(string content) => new(-1, content) { Special = true };

    private static bool Names(PartReader? json, string name) => json is { } file && file.Element.TryGetProperty(name, out _);
}
