using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// Llama and Mistral: BPE with byte fallback. If <c>legacy</c> is set, a space is prepended to every stretch of text between special tokens,
/// otherwise only to the first.
/// </summary>
internal sealed class LlamaLayout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["LlamaTokenizer", "CodeLlamaTokenizer", "MistralTokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens { get; } = new Dictionary<string, string>
    {
        ["bos"] = "<s>", ["eos"] = "</s>", ["unk"] = "<unk>",
    };

    public override Side PaddingSide => Side.Left;

    public override IModel Model(LayoutSource source) => PieceModels.Bpe(source.Model, unknown: null, source.Context);

    public override IReadOnlyList<string> Normalizers(LayoutSource source) => [];

    public override IReadOnlyList<string> PreTokenizers(LayoutSource source) =>
        [Metaspace(!AddsSpace(source) ? "never" : source.Flag("legacy", false) ? "always" : "first", split: false)];

    public override IReadOnlyList<string> Decoders(LayoutSource source) => AddsSpace(source)
        ? [.. BpeParts.Decoders, """{ "type": "Strip", "content": " ", "start": 1, "stop": 0 }"""]
        : BpeParts.Decoders;

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added) => BpeParts.Template(source, added);

    private static bool AddsSpace(LayoutSource source) => source.Flag("add_prefix_space", true);
}
