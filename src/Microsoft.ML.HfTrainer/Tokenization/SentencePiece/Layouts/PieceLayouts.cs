using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>The layouts of SentencePiece models. To support another class, add a file and an entry here.</summary>
internal static class PieceLayouts
{
    private static readonly Dictionary<string, PieceLayout> ByClass = ((PieceLayout[])
    [
        new AlbertLayout(), new CamembertLayout(), new DebertaLayout(), new GemmaLayout(), new LlamaLayout(), new MBartLayout(), new PegasusLayout(),
        new PlainLayout(), new T5Layout(), new XlmRobertaLayout(),
    ]).SelectMany(layout => layout.Classes, (layout, name) => (layout, name)).ToDictionary(pair => pair.name, pair => pair.layout, StringComparer.Ordinal);

    /// <summary>The defaults of each class, for what the files do not specify.</summary>
    public static IEnumerable<(string Name, TokenizerClass Class)> Classes => ByClass.Select(pair => (pair.Key, new TokenizerClass
    {
        SpecialTokens = pair.Value.SpecialTokens, PaddingSide = pair.Value.PaddingSide, HasLanguages = pair.Value.HasLanguages,
        MaskTakesSpace = pair.Value.MaskTakesSpace,
    }));

    /// <summary>Returns the layout of a class. If the configuration names no class, the file name decides.</summary>
    /// <exception cref="NotSupportedException">The class has no layout; another layout would produce wrong ids.</exception>
    public static PieceLayout Find(string? tokenizerClass, string file, SentencePieceModel model, LoadContext context)
    {
        var name = TokenizerClass.WithoutFast(tokenizerClass ?? Guess(file, model));
        return ByClass.GetValueOrDefault(name) ?? throw new NotSupportedException(
            $"The tokenizer '{context.Tokenizer}' has no tokenizer.json, and its {file} is not supported for the class '{tokenizerClass}', only for " +
            $"{string.Join(", ", ByClass.Keys.Order(StringComparer.Ordinal))}. Save the tokenizer in Python, which writes tokenizer.json.");
    }

    private static string Guess(string file, SentencePieceModel model) => file switch
    {
        "spiece.model" => model.Pieces.Any(piece => piece.Text == "[CLS]") ? "AlbertTokenizer" : "T5Tokenizer",
        "sentencepiece.bpe.model" => "XLMRobertaTokenizer",
        "spm.model" => "DebertaV2Tokenizer",
        _ => model.Trainer is { Algorithm: PieceAlgorithm.Bpe, ByteFallback: true } ? "LlamaTokenizer" : "TokenizersBackend",
    };
}
