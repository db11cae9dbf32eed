using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>mBART: like XLM-RoBERTa, with language codes before the mask token, and each text followed by its language code.</summary>
internal sealed class MBartLayout : PieceLayout
{
    private static readonly string[] Languages =
    [
        "ar_AR", "cs_CZ", "de_DE", "en_XX", "es_XX", "et_EE", "fi_FI", "fr_XX", "gu_IN", "hi_IN", "it_IT", "ja_XX", "kk_KZ", "ko_KR", "lt_LT", "lv_LV",
        "my_MM", "ne_NP", "nl_XX", "ro_RO", "ru_RU", "si_LK", "tr_TR", "vi_VN", "zh_CN",
    ];

    public override IReadOnlyList<string> Classes => ["MBartTokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens => FairseqTokens.All;

    public override bool HasLanguages => true;

    public override bool MaskTakesSpace => true;

    public override IModel Model(LayoutSource source) => PieceModels.Unigram(
        [.. FairseqTokens.Leading(source), .. source.Scores.Skip(3), .. Languages.Select(language => (language, 0.0)), (source.Token("mask"), 0.0)],
        unknownId: 3, source.Context);

    public override IReadOnlyList<string> Normalizers(LayoutSource source) => [];

    public override IReadOnlyList<string> PreTokenizers(LayoutSource source) => ["""{ "type": "WhitespaceSplit" }""", Metaspace("always")];

    public override IReadOnlyList<string> Decoders(LayoutSource source) => [Metaspace("always")];

    public override IEnumerable<AddedToken> AddedTokens(LayoutSource source) => Languages.Select(language => new AddedToken(-1, language) { Special = true })
        .Concat(source.MarkerPieces.Where(token => !Languages.Contains(token.Content)));

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added)
    {
        var end = TemplatePiece.Special(
            0, source.Id(added, source.Token("eos")), source.Id(added, source.OptionalText("src_lang") ?? "en_XX"));
        return new PostProcessing(
            new TokenTemplate([TemplatePiece.Text(0, 0), end]),
            new TokenTemplate([TemplatePiece.Text(0, 0), TemplatePiece.Text(1, 0), end]));
    }
}
