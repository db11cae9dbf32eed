using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>Gemma: like Llama, but without a space before the text.</summary>
internal sealed class GemmaLayout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["GemmaTokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens { get; } = new Dictionary<string, string>
    {
        ["unk"] = "<unk>", ["bos"] = "<bos>", ["eos"] = "<eos>", ["pad"] = "<pad>", ["mask"] = "<mask>",
    };

    public override Side PaddingSide => Side.Left;

    public override IModel Model(LayoutSource source) => PieceModels.Bpe(source.Model, source.Token("unk"), source.Context);

    public override IReadOnlyList<string> Normalizers(LayoutSource source) => ["""{ "type": "Replace", "pattern": { "String": " " }, "content": "▁" }"""];

    public override IReadOnlyList<string> PreTokenizers(LayoutSource source) =>
        ["""{ "type": "Split", "pattern": { "String": " " }, "behavior": "MergedWithPrevious", "invert": false }"""];

    public override IReadOnlyList<string> Decoders(LayoutSource source) => BpeParts.Decoders;

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added) => BpeParts.Template(source, added);
}
