using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>The components that the layouts of BPE models share.</summary>
internal static class BpeParts
{
    /// <summary>Decoders that restore spaces and bytes.</summary>
    public static IReadOnlyList<string> Decoders { get; } =
    [
        """{ "type": "Replace", "pattern": { "String": "▁" }, "content": " " }""", """{ "type": "ByteFallback" }""", """{ "type": "Fuse" }""",
    ];

    /// <summary>
    /// Returns the template that adds the beginning-of-sequence and end-of-sequence tokens as <c>add_bos_token</c> and <c>add_eos_token</c> specify.
    /// Default: neither.
    /// </summary>
    public static PostProcessing Template(LayoutSource source, AddedVocabulary added)
    {
        return BosEosTemplate.Make(Mark("add_bos_token", "bos"), Mark("add_eos_token", "eos"));

        int? Mark(string flag, string role) => source.Flag(flag, false) && source.OptionalToken(role) is { } token ? source.Id(added, token) : null;
    }
}
