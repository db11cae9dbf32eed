using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// PEGASUS: padding and end-of-sequence tokens, the tokens of pretraining (two mask tokens and <c>&lt;unk_2&gt;</c> to <c>&lt;unk_102&gt;</c>,
/// <c>offset</c> in total), then the pieces of the model.
/// </summary>
internal sealed class PegasusLayout : PieceLayout
{
    private const string SentenceMask = "mask_token_sent";

    public override IReadOnlyList<string> Classes => ["PegasusTokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens { get; } = new Dictionary<string, string>
    {
        ["pad"] = "<pad>", ["eos"] = "</s>", ["unk"] = "<unk>", ["mask"] = "<mask_2>",
    };

    public override IModel Model(LayoutSource source)
    {
        // The two mask tokens are swapped if the configuration names neither.
        var (mask, sentenceMask) = (source.DeclaredToken("mask") ?? "<mask_1>", source.OptionalText(SentenceMask) ?? "<mask_2>");
        List<(string Piece, double Score)> pieces = [(source.Token("pad"), 0), (source.Token("eos"), 0), (mask, 0)];
        if (sentenceMask != mask)
            pieces.Add((sentenceMask, 0));
        pieces.AddRange(Reserved(source).Select(token => (token, -100.0)));
        pieces.AddRange(source.Scores.Skip(2));
        var unknown = source.Token("unk");
        var unknownId = pieces.FindIndex(1, piece => piece.Piece == unknown);
        return unknownId >= 0
            ? PieceModels.Unigram(pieces, unknownId, source.Context)
            : throw source.Context.Error("", $"none of its {pieces.Count} tokens is the unknown token '{unknown}'; name another as unk_token.");
    }

    public override IReadOnlyList<string> Normalizers(LayoutSource source) =>
    [
        .. source.Charsmap.DefaultIfEmpty("""{ "type": "Replace", "pattern": { "Regex": "\\n" }, "content": " " }"""),
        """{ "type": "Replace", "pattern": { "Regex": " {2,}" }, "content": " " }""",
    ];

    public override IReadOnlyList<string> PreTokenizers(LayoutSource source) => [Metaspace("always")];

    public override IReadOnlyList<string> Decoders(LayoutSource source) => [Metaspace("always")];

    public override IEnumerable<AddedToken> AddedTokens(LayoutSource source) =>
        Reserved(source).Prepend(source.OptionalText(SentenceMask) ?? "<mask_1>").Select(token => new AddedToken(-1, token) { Special = true });

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added)
    {
        var end = TemplatePiece.Special(0, source.Id(added, source.Token("eos")));
        return new PostProcessing(
            new TokenTemplate([TemplatePiece.Text(0, 0), end]),
            new TokenTemplate([TemplatePiece.Text(0, 0), TemplatePiece.Text(1, 0), end]));
    }

    private static IEnumerable<string> Reserved(LayoutSource source) =>
        Enumerable.Range(2, Math.Clamp(source.Number("offset", 103) - 2, 0, 10_000)).Select(i => $"<unk_{i}>");
}
