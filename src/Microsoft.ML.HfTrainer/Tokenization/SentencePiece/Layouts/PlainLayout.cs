using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// The layout for tokenizer classes without one of their own: the specifications stored in the model apply, and text is split as the SentencePiece
/// library does.
/// </summary>
internal sealed class PlainLayout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["TokenizersBackend", "PreTrainedTokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens { get; } = new Dictionary<string, string>();

    public override IReadOnlyDictionary<string, string> SpecialTokensOf(SentencePieceModel model) => new Dictionary<string, string?>
    {
        ["bos"] = model.Trainer.BeginPiece, ["eos"] = model.Trainer.EndPiece, ["unk"] = model.Trainer.UnknownPiece,
    }.Where(token => token.Value is not null).ToDictionary(token => token.Key, token => token.Value!);

    // User-defined pieces are not matched in the raw text but by the pre-tokenizer.
    public override IEnumerable<AddedToken> AddedTokens(LayoutSource source) => source.MarkerPieces.Where(token => token.Special);

    public override IModel Model(LayoutSource source) => source.Model.Trainer.Algorithm == PieceAlgorithm.Bpe
        ? PieceModels.BpeByScores(source.Model, source.Context)
        : PieceModels.Unigram(source.Scores, source.Model.UnknownId, source.Context, source.Model.Trainer.ByteFallback);

    public override IReadOnlyList<string> Normalizers(LayoutSource source)
    {
        var specification = source.Model.Normalizer;
        List<string> parts = [.. source.Charsmap];
        if (specification.RemoveExtraWhitespaces)
        {
            parts.Add("""{ "type": "Replace", "pattern": { "Regex": "\\A +| +\\z" }, "content": "" }""");
            parts.Add("""{ "type": "Replace", "pattern": { "Regex": " {2,}" }, "content": " " }""");
        }
        if (specification.EscapeWhitespaces)
            parts.Add("""{ "type": "Replace", "pattern": { "String": " " }, "content": "▁" }""");
        // Metaspace prepends nothing to a text that begins with its replacement character; SentencePiece does.
        if (specification.AddDummyPrefix && IsLegacy(source))
            parts.Add("""{ "type": "Replace", "pattern": { "Regex": "\\A▁" }, "content": "▁▁" }""");
        return parts;
    }

    public override IReadOnlyList<string> PreTokenizers(LayoutSource source)
    {
        List<string> parts = [];
        if (source.Model.Normalizer.AddDummyPrefix)
            parts.Add(Metaspace(IsLegacy(source) ? "always" : "first", split: false));
        var whole = source.Model.Pieces.Where(piece => piece.Type == PieceType.UserDefined).Select(piece => piece.Text).OrderByDescending(text => text.Length);
        var pattern = string.Join('|', whole.Select(Regex.Escape));
        if (pattern.Length > 0)
            parts.Add($$"""{ "type": "Split", "pattern": { "Regex": "{{JsonEncodedText.Encode(pattern)}}" }, "behavior": "Isolated", "invert": false }""");
        return parts;
    }

    public override IReadOnlyList<string> Decoders(LayoutSource source)
    {
        List<string> parts = ["""{ "type": "Replace", "pattern": { "String": "▁" }, "content": " " }"""];
        if (source.Model.Trainer.ByteFallback)
            parts.Add("""{ "type": "ByteFallback" }""");
        parts.Add("""{ "type": "Fuse" }""");
        if (source.Model.Normalizer.AddDummyPrefix)
            parts.Add("""{ "type": "Strip", "content": " ", "start": 1, "stop": 0 }""");
        return parts;
    }

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added) => BpeParts.Template(source, added);

    private static bool IsLegacy(LayoutSource source) => source.Flag("legacy", true);
}
