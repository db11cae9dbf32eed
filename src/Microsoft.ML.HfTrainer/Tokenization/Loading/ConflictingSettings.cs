using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>Finds settings of <c>tokenizer_config.json</c> that <c>tokenizer.json</c> contradicts.</summary>
internal static class ConflictingSettings
{
    /// <summary>Returns a warning for each setting about letter case, accents and Chinese characters that the two files disagree on.</summary>
    public static IReadOnlyList<string> Find(PartReader? configuration, PartReader? json)
    {
        if (configuration is not { } config || json is not { } file)
            return [];
        var parts = file.Child("normalizer") is { } normalizer ? Flatten(normalizer).ToList() : [];
        var bert = parts.Where(part => IsOf(part, BertNormalizer.TypeName)).Take(1).ToList();
        var lowercases = parts.Exists(part => IsOf(part, Lowercase.TypeName)) || bert.Exists(part => part.Flag("lowercase", true));
        return
        [
            .. Compare("do_lower_case", lowercases),
            .. bert.SelectMany(part => Compare("strip_accents", part.OptionalFlag("strip_accents") ?? lowercases)),
            .. bert.SelectMany(part => Compare("tokenize_chinese_chars", part.Flag("handle_chinese_chars", true))),
        ];

        IEnumerable<string> Compare(string setting, bool inFile) => config.Child(setting) is { } value && value.Element.ValueKind == (inFile ? JsonValueKind.False : JsonValueKind.True)
            ? [$"The tokenizer '{file.Context.Tokenizer}': {TokenizerFiles.Configuration} says {setting} = {(inFile ? "false" : "true")}, and {TokenizerFiles.Tokenizer} does the opposite, which counts. " +
                $"Hugging Face's Python class of the tokenizer may follow {TokenizerFiles.Configuration}; make the two files agree."]
            : [];
    }

    private static IEnumerable<PartReader> Flatten(PartReader part) => IsOf(part, NormalizerSequence.TypeName) ? part.Items("normalizers", item => item).SelectMany(Flatten) : [part];

    private static bool IsOf(PartReader part, string type) => part.Text("type") == type;
}
