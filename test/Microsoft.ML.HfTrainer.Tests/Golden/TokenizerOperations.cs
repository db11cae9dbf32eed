using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>What can be compared, by the name of the group; a group that is not here is reported as not covered.</summary>
internal static class TokenizerOperations
{
    /// <summary>An operation yields a line for each case that differs.</summary>
    public static IReadOnlyDictionary<string, Func<HfTokenizer, TokenizerCases, IEnumerable<string>>> All { get; } =
        new Dictionary<string, Func<HfTokenizer, TokenizerCases, IEnumerable<string>>>
        {
            ["default"] = Encode("default"),
            ["no_special"] = Encode("no_special"),
            ["trunc"] = Encode("trunc"),
            ["trunc_left"] = Encode("trunc_left"),
            ["trunc_edge"] = Encode("trunc_edge"),
            ["stride"] = Encode("stride"),
            ["words"] = Encode("words"),
            ["pad"] = Encode("pad"),
            ["target"] = Encode("target"),
            ["as_saved"] = AsSaved,
            [TokenizerCases.Calls] = TokenizerCalls.Compare,
            [TokenizerCases.Decode] = Decode,
            [TokenizerCases.Settings] = Settings,
            [TokenizerCases.Raw] = Raw,
        };

    private static Func<HfTokenizer, TokenizerCases, IEnumerable<string>> Encode(string group) => (tokenizer, cases) => TokenizerCalls.Are(cases[group])
        ? TokenizerCalls.Compare(tokenizer, cases, cases[group], asTarget: group == "target")
        : cases[group].Select(entry => EncodingComparer.Difference(entry, () => Run(tokenizer, cases, entry, Options(entry)))).OfType<string>();

    private static IEnumerable<string> AsSaved(HfTokenizer tokenizer, TokenizerCases cases) => cases["as_saved"].Select(entry => EncodingComparer.Difference(
        entry, () => Run(tokenizer, cases, entry, tokenizer.SavedOptions with { AddSpecialTokens = entry.GetProperty("special").GetBoolean() }))).OfType<string>();

    // A batch gives a list of encodings for each of its inputs, a single input one such list.
    private static List<List<TokenEncoding>> Run(HfTokenizer tokenizer, TokenizerCases cases, JsonElement entry, EncodeOptions options)
    {
        IReadOnlyList<TokenEncoding> encodings = entry.TryGetProperty("batch", out var batch)
            ? cases.EncodeBatch(tokenizer, batch.EnumerateArray(), options)
            : [cases.Encode(tokenizer, entry.GetProperty("in"), options)];
        return [.. encodings.Select(encoding => new List<TokenEncoding>([encoding, .. encoding.Overflowing]))];
    }

    private static EncodeOptions Options(JsonElement entry)
    {
        var options = new EncodeOptions
        {
            AddSpecialTokens = entry.GetProperty("special").GetBoolean(),
            Padding = entry.TryGetProperty("pad", out var pad) ? Padding(pad) : null,
        };
        return !entry.TryGetProperty("trunc", out var trunc) ? options : options with
        {
            MaxLength = trunc.GetProperty("max_length").GetInt32(),
            Stride = trunc.GetProperty("stride").GetInt32(),
            TruncationSide = SideOf(trunc),
            Truncation = Strategy(trunc.GetProperty("strategy").GetString()),
        };
    }

    /// <summary>The strategy of a name of the original's.</summary>
    public static TruncationStrategy Strategy(string? name) => name switch
    {
        "longest_first" => TruncationStrategy.LongestFirst,
        "only_first" => TruncationStrategy.OnlyFirst,
        "only_second" => TruncationStrategy.OnlySecond,
        _ => throw new InvalidDataException($"Unknown strategy '{name}'."),
    };

    private static PadOptions Padding(JsonElement pad) => new()
    {
        Length = Number(pad.GetProperty("length")),
        MultipleOf = Number(pad.GetProperty("pad_to_multiple_of")),
        PadId = pad.GetProperty("pad_id").GetInt32(),
        PadTypeId = pad.GetProperty("pad_type_id").GetInt32(),
        Side = SideOf(pad),
    };

    private static int? Number(JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetInt32() : null;

    private static Side SideOf(JsonElement element) => element.GetProperty("direction").GetString() == "left" ? Side.Left : Side.Right;

    private static IEnumerable<string> Decode(HfTokenizer tokenizer, TokenizerCases cases)
    {
        foreach (var entry in cases.Decodes)
        {
            int[] ids = [.. entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            foreach (var (field, skip, clean) in new[] { ("keep", false, false), ("skip", true, false), ("keep_clean", false, true), ("skip_clean", true, true) })
            {
                if (tokenizer.Decode(ids, skip, clean) is var text && text != entry.GetProperty(field).GetString())
                    yield return $"decode {field}: expected {entry.GetProperty(field).GetRawText()}, was \"{text}\"";
                if (entry.TryGetProperty(field + "_source", out var source) && tokenizer.Decode(ids, skip, clean, asSource: true) is var other && other != source.GetString())
                    yield return $"decode {field}_source: expected {source.GetRawText()}, was \"{other}\"";
            }
        }
    }

    private static IEnumerable<string> Settings(HfTokenizer tokenizer, TokenizerCases cases)
    {
        var hf = cases.Meta.GetProperty("hf");
        var (tokens, limit) = (hf.GetProperty("tokens"), hf.GetProperty("model_max_length"));
        List<(string Name, string? Expected, string? Actual)> settings =
        [
            ("vocabulary size", hf.GetProperty("len").GetRawText(), tokenizer.VocabularySize.ToString()),
            ("model_max_length", limit.ValueKind == JsonValueKind.Number ? limit.GetRawText() : null, tokenizer.ModelMaxLength?.ToString()),
            ("padding_side", hf.GetProperty("padding_side").GetString(), tokenizer.PaddingSide.ToString().ToLowerInvariant()),
            ("truncation_side", hf.GetProperty("truncation_side").GetString(), tokenizer.TruncationSide.ToString().ToLowerInvariant()),
            ("model_input_names", string.Join(' ', hf.GetProperty("model_input_names").EnumerateArray()), string.Join(' ', tokenizer.ModelInputNames)),
            ("clean_up_tokenization_spaces", hf.GetProperty("clean_up_tokenization_spaces").GetBoolean().ToString(), tokenizer.CleanUpTokenizationSpaces.ToString()),
            ("pad", tokens.GetProperty("pad_token").GetString(), tokenizer.PadToken),
            ("unk", tokens.GetProperty("unk_token").GetString(), tokenizer.UnknownToken),
            ("cls", tokens.GetProperty("cls_token").GetString(), tokenizer.ClsToken),
            ("sep", tokens.GetProperty("sep_token").GetString(), tokenizer.SepToken),
            ("mask", tokens.GetProperty("mask_token").GetString(), tokenizer.MaskToken),
            ("bos", tokens.GetProperty("bos_token").GetString(), tokenizer.BosToken),
            ("eos", tokens.GetProperty("eos_token").GetString(), tokenizer.EosToken),
        ];
        return settings.Where(setting => setting.Expected != setting.Actual)
            .Select(setting => $"{setting.Name}: expected {setting.Expected ?? "none"}, was {setting.Actual ?? "none"}");
    }

    // Where the class of the original makes the same of raw files as of tokenizer.json, so must every field be; else the ids alone are known.
    private static IEnumerable<string> Raw(HfTokenizer tokenizer, TokenizerCases cases)
    {
        var files = tokenizer.Files.Where(file => file.Key != TokenizerFiles.Tokenizer).ToDictionary();
        if (!RawFiles.CanRead(files.Keys))
            GoldenFolder.Skip($"loading from {string.Join(", ", cases.RawNames)} without tokenizer.json");
        var raw = HfTokenizer.FromFiles(tokenizer.Name, files);
        return cases.RawIds.Count == 0 ? Encode("default")(raw, cases) : RawIds(raw, cases);
    }

    private static IEnumerable<string> RawIds(HfTokenizer raw, TokenizerCases cases)
    {
        var others = cases.RawIds;
        foreach (var entry in cases["default"])
        {
            var input = entry.GetProperty("in");
            var ids = others.TryGetValue(input.GetRawText(), out var other) ? other : entry.GetProperty("out")[0].GetProperty("ids");
            var (expected, actual) = (string.Join(' ', ids.EnumerateArray()), string.Join(' ', cases.Encode(raw, input, Options(entry)).Ids));
            if (expected != actual)
                yield return $"{input.GetRawText()}: ids:\n  expected {expected}\n  was      {actual}";
        }
    }
}
