using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>What the layouts of BPE models share.</summary>
internal static class BpeParts
{
    /// <summary>Spaces and bytes as they were.</summary>
    public static IReadOnlyList<string> Decoders { get; } =
    [
        """{ "type": "Replace", "pattern": { "String": "▁" }, "content": " " }""", """{ "type": "ByteFallback" }""", """{ "type": "Fuse" }""",
    ];

    /// <summary>A mark before and behind each text, as <c>add_bos_token</c> and <c>add_eos_token</c> say; neither where they are absent.</summary>
    public static PostProcessing Template(LayoutSource source, AddedVocabulary added)
    {
        return MarkTemplate.Make(Mark("add_bos_token", "bos"), Mark("add_eos_token", "eos"));

        int? Mark(string flag, string role) => source.Flag(flag, false) && source.OptionalToken(role) is { } token ? source.Id(added, token) : null;
    }
}
