using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// T5: the pieces are followed by the sentinel tokens <c>&lt;extra_id_99&gt;</c> to <c>&lt;extra_id_0&gt;</c>; <c>extra_ids</c> is their number.
/// </summary>
internal sealed class T5Layout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["T5Tokenizer", "MT5Tokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens { get; } = new Dictionary<string, string>
    {
        ["eos"] = "</s>", ["unk"] = "<unk>", ["pad"] = "<pad>",
    };

    public override IModel Model(LayoutSource source) =>
        PieceModels.Unigram(source.Scores.Concat(Sentinels(source).Reverse().Select(sentinel => (sentinel, 0.0))), unknownId: 2, source.Context);

    public override IReadOnlyList<string> PreTokenizers(LayoutSource source) => ["""{ "type": "WhitespaceSplit" }""", Metaspace("always")];

    public override IReadOnlyList<string> Decoders(LayoutSource source) => [Metaspace("always")];

    public override IEnumerable<AddedToken> AddedTokens(LayoutSource source) =>
        source.MarkerPieces.Concat(Sentinels(source).Select(sentinel => new AddedToken(-1, sentinel) { Special = true }));

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added)
    {
        var end = TemplatePiece.Special(0, source.Id(added, source.Token("eos")));
        return new PostProcessing(
            new TokenTemplate([TemplatePiece.Text(0, 0), end]),
            new TokenTemplate([TemplatePiece.Text(0, 0), end, TemplatePiece.Text(1, 0), end]));
    }

    private static IEnumerable<string> Sentinels(LayoutSource source) =>
        Enumerable.Range(0, Math.Clamp(source.Number("extra_ids", 100), 0, 10_000)).Select(i => $"<extra_id_{i}>");
}
