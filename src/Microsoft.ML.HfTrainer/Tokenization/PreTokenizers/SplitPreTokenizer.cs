using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Patterns;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits at the matches of a pattern or, if inverted, at the text between them.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer, IPart<SplitPreTokenizer>
{
    public static string TypeName => "Split";

    public static SplitPreTokenizer Read(PartReader json) =>
        new(TextPattern.Read(json), Splitter.ReadBehavior(json, SplitBehavior.Isolated), json.Flag("invert", false));

    public void Split(TextSpan span, List<TextSpan> words) => Splitter.Split(span, pattern, invert, behavior, words);
}
