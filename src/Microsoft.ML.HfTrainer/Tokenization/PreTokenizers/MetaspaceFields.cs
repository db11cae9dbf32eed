using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>The fields shared by the Metaspace pre-tokenizer and decoder.</summary>
internal static class MetaspaceFields
{
    private static readonly Dictionary<string, PrependScheme> Schemes = new(StringComparer.Ordinal)
    {
        ["always"] = PrependScheme.Always, ["first"] = PrependScheme.First, ["never"] = PrependScheme.Never,
    };

    /// <summary>Returns the replacement character for spaces, one UTF-16 unit.</summary>
    public static char Replacement(PartReader json)
    {
        var text = json.Text("replacement");
        return text.Length == 1 && !char.IsSurrogate(text[0])
            ? text[0]
            : throw json.Error($"'replacement' is '{text}'; it must be one character below U+10000, such as '\u2581'.");
    }

    /// <summary>Returns the prepend scheme. Older files have <c>add_prefix_space</c> instead; some files have both, which must agree.</summary>
    public static PrependScheme Scheme(PartReader json)
    {
        var addsPrefix = json.OptionalFlag("add_prefix_space");
        var name = json.OptionalText("prepend_scheme");
        if (name is null)
            return addsPrefix == false ? PrependScheme.Never : PrependScheme.Always;
        if (!Schemes.TryGetValue(name, out var scheme))
            throw json.Error($"'prepend_scheme' is '{name}'; it must be one of {string.Join(", ", Schemes.Keys)}.");
        if (addsPrefix == false && scheme != PrependScheme.Never)
            throw json.Error($"'add_prefix_space' is false, but 'prepend_scheme' is '{name}'; it must be 'never'.");
        return scheme;
    }
}
