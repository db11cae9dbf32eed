using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// ALBERT: normalizes quotation marks, strips accents (unless <c>keep_accents</c> is set) and lowercases (unless <c>do_lower_case</c> is false).
/// Follows the Python tokenizer class. Its conversion to tokenizer.json differs: it penalizes numbers that end in a comma and treats user-defined
/// pieces as ordinary ones.
/// </summary>
internal sealed class AlbertLayout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["AlbertTokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens { get; } = new Dictionary<string, string>
    {
        ["bos"] = "[CLS]", ["eos"] = "[SEP]", ["unk"] = "<unk>", ["sep"] = "[SEP]", ["pad"] = "<pad>", ["cls"] = "[CLS]", ["mask"] = "[MASK]",
    };

    public override IModel Model(LayoutSource source) => PieceModels.Unigram(source.Scores, unknownId: 1, source.Context);

    public override IReadOnlyList<string> Normalizers(LayoutSource source)
    {
        List<string> parts =
        [
            """{ "type": "Replace", "pattern": { "String": "``" }, "content": "\"" }""", """{ "type": "Replace", "pattern": { "String": "''" }, "content": "\"" }""",
        ];
        if (!source.Flag("keep_accents", false))
            parts.AddRange(["""{ "type": "NFKD" }""", """{ "type": "StripAccents" }"""]);
        if (source.Flag("do_lower_case", true))
            parts.Add("""{ "type": "Lowercase" }""");
        return [.. parts, .. source.Charsmap];
    }

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added) => BertTemplate.Of(source, added);
}
