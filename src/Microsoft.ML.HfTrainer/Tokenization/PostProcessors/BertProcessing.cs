using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>The templates <c>[CLS] A [SEP]</c> and <c>[CLS] A [SEP] B [SEP]</c>, with token type 1 for the second sequence.</summary>
internal sealed class BertProcessing(int cls, int sep) : IPostProcessor, IPart<BertProcessing>
{
    public static string TypeName => "BertProcessing";

    public static BertProcessing Read(PartReader json) => new(TokenPair.ReadId(json, "cls"), TokenPair.ReadId(json, "sep"));

    public PostProcessing Amend(PostProcessing processing)
    {
        TemplatePiece[] single = [TemplatePiece.Special(0, cls), TemplatePiece.Text(0, 0), TemplatePiece.Special(0, sep)];
        return processing with
        {
            Single = new TokenTemplate(single),
            Pair = new TokenTemplate([.. single, TemplatePiece.Text(1, 1), TemplatePiece.Special(1, sep)]),
        };
    }
}
