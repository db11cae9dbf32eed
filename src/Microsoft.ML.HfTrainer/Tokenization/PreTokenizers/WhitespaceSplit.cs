using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits at whitespace, which is removed.</summary>
internal sealed class WhitespaceSplit : IPreTokenizer, IPart<WhitespaceSplit>
{
    public static string TypeName => "WhitespaceSplit";

    public static WhitespaceSplit Read(PartReader json) => new();

    public void Split(TextSpan span, List<TextSpan> words) =>
        Splitter.Split(span, rune => System.Text.Rune.IsWhiteSpace(rune), SplitBehavior.Removed, words);
}
