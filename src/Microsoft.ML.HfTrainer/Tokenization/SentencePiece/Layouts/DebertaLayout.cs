using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// DeBERTa-v2 and v3. Follows the tokenizer class, which ignores the replacement table of the model; its conversion to tokenizer.json applies the
/// table.
/// </summary>
internal sealed class DebertaLayout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["DebertaV2Tokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens { get; } = new Dictionary<string, string>
    {
        ["bos"] = "[CLS]", ["eos"] = "[SEP]", ["unk"] = "[UNK]", ["sep"] = "[SEP]", ["pad"] = "[PAD]", ["cls"] = "[CLS]", ["mask"] = "[MASK]",
    };

    public override IModel Model(LayoutSource source) => PieceModels.Unigram(source.Scores, source.Model.UnknownId, source.Context);

    public override IReadOnlyList<string> Normalizers(LayoutSource source)
    {
        List<string> parts =
        [
            """{ "type": "Replace", "pattern": { "Regex": "\\s{2,}|[\\n\\r\\t]" }, "content": " " }""", """{ "type": "NFC" }""",
            """{ "type": "Strip", "strip_left": false, "strip_right": true }""",
        ];
        return source.Flag("do_lower_case", false) ? ["""{ "type": "Lowercase" }""", .. parts] : parts;
    }

    public override IReadOnlyList<string> PreTokenizers(LayoutSource source) => source.Flag("split_by_punct", false)
        ? ["""{ "type": "Punctuation", "behavior": "Isolated" }""", Metaspace(Scheme(source))]
        : [Metaspace(Scheme(source))];

    public override IReadOnlyList<string> Decoders(LayoutSource source) => [Metaspace(Scheme(source))];

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added) => BertTemplate.Of(source, added);

    private static string Scheme(LayoutSource source) => source.Flag("add_prefix_space", true) ? "always" : "first";
}
