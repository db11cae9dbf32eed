using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

namespace Microsoft.ML.HfTrainer.Tokenization.SentencePiece.Layouts;

/// <summary>The templates <c>[CLS] A [SEP]</c> and <c>[CLS] A [SEP] B [SEP]</c>, with token type 1 for the second text.</summary>
internal static class BertTemplate
{
    public static PostProcessing Of(LayoutSource source, AddedVocabulary added) =>
        new BertProcessing(source.Id(added, source.Token("cls")), source.Id(added, source.Token("sep"))).Amend(PostProcessing.None);
}
