using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

/// <summary>Builds the pipeline of a SentencePiece model, by the layout of its <c>tokenizer_class</c> and the settings of tokenizer_config.json.</summary>
internal static class PieceFiles
{
    /// <summary>The usual file names of SentencePiece models, the most likely first.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["spiece.model", "sentencepiece.bpe.model", "spm.model", "tokenizer.model", "sentencepiece.model"];

    public static Pipeline Read(TokenizerFiles files, string name)
    {
        var context = files.Context(name);
        var model = SentencePieceModel.Read(files.All[name], context);
        var configuration = files.Json(TokenizerFiles.Configuration);
        var layout = PieceLayouts.Find(configuration?.OptionalText("tokenizer_class"), name, model, context);
        var specialTokens = layout.SpecialTokensOf(model);
        var source = new LayoutSource(model, files, layout, context);

        var pieceModel = layout.Model(source);
        var normalizer = source.Normalizer(layout.Normalizers(source));
        var preTokenizer = source.PreTokenizer(layout.PreTokenizers(source));
        var decoder = source.Decoder(layout.Decoders(source));
        if (context.MissingParts.Count > 0)
            throw new MissingPartException(files.Name, context.MissingParts);

        var tokens = DeclaredTokens.Read(files, specialTokens, layout.AddedTokens(source));
        var added = new AddedVocabulary(tokens, pieceModel.Vocabulary, normalizer);
        return new Pipeline(normalizer, preTokenizer, pieceModel, layout.Template(source, added), decoder, added)
        {
            TokenizerClass = layout.Classes[0], SpecialTokens = specialTokens,
        };
    }
}
