using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits at punctuation characters.</summary>
internal sealed class Punctuation(SplitBehavior behavior) : IPreTokenizer, IPart<Punctuation>
{
    public static string TypeName => "Punctuation";

    public static Punctuation Read(PartReader json) => new(Splitter.ReadBehavior(json, SplitBehavior.Isolated));

    public void Split(TextSpan span, List<TextSpan> words) => Splitter.Split(span, Characters.IsPunctuation, behavior, words);
}
