using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Isolates every numeric character, or every run of them.</summary>
internal sealed class Digits(bool individual) : IPreTokenizer, IPart<Digits>
{
    public static string TypeName => "Digits";

    public static Digits Read(PartReader json) => new(json.Flag("individual_digits", false));

    public void Split(TextSpan span, List<TextSpan> words) =>
        Splitter.Split(span, rune => Rune.IsNumber(rune), individual ? SplitBehavior.Isolated : SplitBehavior.Contiguous, words);
}
