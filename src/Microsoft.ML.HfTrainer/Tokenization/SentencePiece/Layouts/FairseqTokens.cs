using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>The special tokens of models trained with fairseq.</summary>
internal static class FairseqTokens
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["bos"] = "<s>", ["eos"] = "</s>", ["sep"] = "</s>", ["cls"] = "<s>", ["unk"] = "<unk>", ["pad"] = "<pad>", ["mask"] = "<mask>",
    };

    /// <summary>The four tokens that fairseq vocabularies begin with.</summary>
    public static IEnumerable<(string Piece, double Score)> Leading(LayoutSource source) =>
        new[] { "bos", "pad", "eos", "unk" }.Select(role => (source.Token(role), 0.0));

    /// <summary>Returns the templates <c>&lt;s&gt; A &lt;/s&gt;</c> and <c>&lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;</c>.</summary>
    public static PostProcessing Template(LayoutSource source, AddedVocabulary added)
    {
        var begin = TemplatePiece.Special(0, source.Id(added, source.Token("bos")));
        var end = TemplatePiece.Special(0, source.Id(added, source.Token("eos")));
        return new PostProcessing(
            new TokenTemplate([begin, TemplatePiece.Text(0, 0), end]),
            new TokenTemplate([begin, TemplatePiece.Text(0, 0), end, end, TemplatePiece.Text(1, 0), end]));
    }
}
