using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>The templates <c>&lt;s&gt; A &lt;/s&gt;</c> and <c>&lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;</c>, with token type 0 throughout.</summary>
internal sealed class RobertaProcessing(int cls, int sep, bool trimOffsets, bool addsPrefixSpace) : IPostProcessor, IPart<RobertaProcessing>
{
    public static string TypeName => "RobertaProcessing";

    public static RobertaProcessing Read(PartReader json) => new(
        TokenPair.ReadId(json, "cls"), TokenPair.ReadId(json, "sep"), json.Flag("trim_offsets", true), json.Flag("add_prefix_space", true));

    public PostProcessing Amend(PostProcessing processing)
    {
        TemplatePiece[] single = [TemplatePiece.Special(0, cls), TemplatePiece.Text(0, 0), TemplatePiece.Special(0, sep)];
        return processing with
        {
            Single = new TokenTemplate(single),
            Pair = new TokenTemplate([.. single, TemplatePiece.Special(0, sep), TemplatePiece.Text(1, 0), TemplatePiece.Special(0, sep)]),
            TrimOffsets = trimOffsets,
            AddsPrefixSpace = addsPrefixSpace,
        };
    }
}
