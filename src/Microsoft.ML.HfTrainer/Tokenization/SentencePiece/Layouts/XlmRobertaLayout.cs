using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// XLM-RoBERTa, with fairseq's ids: four special tokens replace the first three pieces of the model, so that all other pieces are shifted by one, and
/// the mask token is last.
/// </summary>
internal sealed class XlmRobertaLayout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["XLMRobertaTokenizer"];

    public override IReadOnlyDictionary<string, string> SpecialTokens => FairseqTokens.All;

    public override IModel Model(LayoutSource source) =>
        PieceModels.Unigram([.. FairseqTokens.Leading(source), .. source.Scores.Skip(3), (source.Token("mask"), 0.0)], unknownId: 3, source.Context);

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added) => FairseqTokens.Template(source, added);
}
