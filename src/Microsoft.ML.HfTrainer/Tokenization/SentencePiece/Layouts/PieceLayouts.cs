using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>Every layout of a SentencePiece model: a new one is a file of its own and a line here.</summary>
internal static class PieceLayouts
{
    private static readonly Dictionary<string, PieceLayout> ByClass = ((PieceLayout[])
    [
        new AlbertLayout(), new CamembertLayout(), new DebertaLayout(), new GemmaLayout(), new LlamaLayout(), new MBartLayout(), new PegasusLayout(),
        new PlainLayout(), new T5Layout(), new XlmRobertaLayout(),
    ]).SelectMany(layout => layout.Classes, (layout, name) => (layout, name)).ToDictionary(pair => pair.name, pair => pair.layout, StringComparer.Ordinal);

    /// <summary>What each class has where files say nothing.</summary>
    public static IEnumerable<(string Name, TokenizerClass Class)> Classes => ByClass.Select(pair => (pair.Key, new TokenizerClass
    {
        Marks = pair.Value.Marks, PaddingSide = pair.Value.PaddingSide, HasLanguages = pair.Value.HasLanguages,
    }));

    /// <summary>The layout of a class; where the configuration names none, that of the class whose files are called so.</summary>
    /// <exception cref="NotSupportedException">The class has no layout; that of another would give wrong ids.</exception>
    public static PieceLayout Find(string? tokenizerClass, string file, SentencePieceModel model, LoadContext context)
    {
        var name = TokenizerClass.Slow(tokenizerClass ?? Guess(file, model));
        return ByClass.GetValueOrDefault(name) ?? throw new NotSupportedException(
            $"The tokenizer '{context.Tokenizer}' has no tokenizer.json, and its {file} cannot be used for the class '{tokenizerClass}': only for " +
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
