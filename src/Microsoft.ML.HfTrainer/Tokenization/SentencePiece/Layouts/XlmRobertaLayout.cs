using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>
/// XLM-RoBERTa, whose ids are fairseq's: four marks in place of the model's three, so that every other piece is one further, and the mask
/// at the end.
/// </summary>
internal sealed class XlmRobertaLayout : PieceLayout
{
    public override IReadOnlyList<string> Classes => ["XLMRobertaTokenizer"];

    public override IReadOnlyDictionary<string, string> Marks => RobertaMarks.All;

    public override IModel Model(LayoutSource source) =>
        PieceModels.Unigram([.. RobertaMarks.Leading(source), .. source.Scores.Skip(3), (source.Token("mask"), 0.0)], unknownId: 3, source.Context);

    public override PostProcessing Template(LayoutSource source, AddedVocabulary added) => RobertaMarks.Template(source, added);
}
