using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// CamemBERT: the pieces of the model follow fairseq's special tokens and their unused placeholders, such as <c>&lt;s&gt;NOTUSED</c>.
/// </summary>
internal sealed class CamembertLayout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["CamembertTokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens => FairseqTokens.All;

    public override bool MaskTakesSpace => true;

    public override IModel Model(LayoutSource source)
    {
        List<(string Piece, double Score)> pieces =
        [
            ("<s>NOTUSED", 0), (source.Token("pad"), 0), ("</s>NOTUSED", 0), (source.Token("unk"), 0), ("<unk>NOTUSED", -100),
            .. source.Scores.Skip(1), (source.Token("mask"), 0),
        ];
        return PieceModels.Unigram(pieces, unknownId: 3, source.Context);
    }

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added) => FairseqTokens.Template(source, added);
}
