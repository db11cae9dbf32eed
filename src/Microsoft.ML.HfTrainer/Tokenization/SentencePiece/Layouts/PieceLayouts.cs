using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>Every layout of a SentencePiece model: a new one is a file of its own and a line here.</summary>
internal static class PieceLayouts
{
    private static readonly PlainLayout Plain = new();

    private static readonly Dictionary<string, PieceLayout> ByClass = ((PieceLayout[])
    [
        new AlbertLayout(), new CamembertLayout(), new DebertaLayout(), new GemmaLayout(), new LlamaLayout(), new MBartLayout(), new PegasusLayout(),
        new T5Layout(), new XlmRobertaLayout(),
    ]).SelectMany(layout => layout.Classes, (layout, name) => (layout, name)).ToDictionary(pair => pair.name, pair => pair.layout, StringComparer.Ordinal);

    /// <summary>What each class has where files say nothing.</summary>
    public static IEnumerable<(string Name, TokenizerClass Class)> Classes =>
        ByClass.Select(pair => (pair.Key, new TokenizerClass { Marks = pair.Value.Marks, PaddingSide = pair.Value.PaddingSide }));

    /// <summary>
    /// The layout of a class; where the configuration names none, that of the class whose files are called so. A class without a layout has
    /// the one that follows the model's own specifications.
    /// </summary>
    public static PieceLayout Find(string? tokenizerClass, string file, SentencePieceModel model) =>
        ByClass.GetValueOrDefault(TokenizerClass.Slow(tokenizerClass ?? Guess(file, model)), Plain);


    private static string Guess(string file, SentencePieceModel model) => file switch
    {
        "spiece.model" => model.Pieces.Any(piece => piece.Text == "[CLS]") ? "AlbertTokenizer" : "T5Tokenizer",
        "sentencepiece.bpe.model" => "XLMRobertaTokenizer",
        "spm.model" => "DebertaV2Tokenizer",
        _ => model.Trainer is { Algorithm: PieceAlgorithm.Bpe, ByteFallback: true } ? "LlamaTokenizer" : "",
    };
}
