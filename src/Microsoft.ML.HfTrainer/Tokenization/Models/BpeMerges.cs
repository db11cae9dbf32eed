using System.Text.Json;
using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>Reads the merges and settings of a BPE model.</summary>
internal static class BpeMerges
{
    /// <summary>Reads a list of merges, each <c>"a b"</c> or <c>["a", "b"]</c>.</summary>
    public static List<(string Left, string Right)> Read(PartReader json)
    {
        if (json.Element.ValueKind != JsonValueKind.Array)
            throw json.Expected("an array");
        var merges = new List<(string, string)>(json.Element.GetArrayLength());
        foreach (var merge in json.Element.EnumerateArray())
        {
            merges.Add(Read(merge) ?? throw json.Error(
                $"merge {merges.Count} is {Shorten(merge.GetRawText())}; it must be two tokens, as \"a b\" or [\"a\", \"b\"]."));
        }
        return merges;
    }

    /// <summary>Parses a line of two tokens separated by one space; returns null if the line has another form.</summary>
    public static (string Left, string Right)? Read(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space < line.Length - 1 && line.IndexOf(' ', space + 1) < 0 ? (line[..space], line[(space + 1)..]) : null;
    }

    /// <summary>Reads the settings of a model in tokenizer.json.</summary>
    public static BpeSettings ReadSettings(PartReader json) => new()
    {
        UnknownToken = json.OptionalText("unk_token") is { Length: > 0 } unknown ? unknown : null,
        ContinuingPrefix = json.OptionalText("continuing_subword_prefix") ?? "",
        EndSuffix = json.OptionalText("end_of_word_suffix") ?? "",
        FuseUnknown = json.Flag("fuse_unk", false),
        ByteFallback = json.Flag("byte_fallback", false),
        IgnoreMerges = json.Flag("ignore_merges", false),
    };

    private static (string Left, string Right)? Read(JsonElement merge) => merge.ValueKind switch
    {
        JsonValueKind.String => Read(merge.GetString()!),
        JsonValueKind.Array when merge.GetArrayLength() == 2 && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String
            => (merge[0].GetString()!, merge[1].GetString()!),
        _ => null,
    };

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
