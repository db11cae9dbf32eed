using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>The fields that the pre-tokenizer Metaspace and the decoder of that name share.</summary>
internal static class MetaspaceFields
{
    private static readonly Dictionary<string, PrependScheme> Schemes = new(StringComparer.Ordinal)
    {
        ["always"] = PrependScheme.Always, ["first"] = PrependScheme.First, ["never"] = PrependScheme.Never,
    };

    /// <summary>The character for a space, which is one UTF-16 unit.</summary>
    public static char Replacement(PartReader json)
    {
        var text = json.Text("replacement");
        return text.Length == 1 && !char.IsSurrogate(text[0])
            ? text[0]
            : throw json.Error($"'replacement' is '{text}'; it must be one character below U+10000, such as '\u2581'.");
    }

    /// <summary>
    /// The scheme; older files have <c>add_prefix_space</c> in its place, and files of a time in between have both, which must agree.
    /// </summary>
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
