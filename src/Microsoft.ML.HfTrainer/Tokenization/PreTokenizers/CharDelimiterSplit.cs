using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits at a given character, which is removed.</summary>
internal sealed class CharDelimiterSplit(Rune delimiter) : IPreTokenizer, IPart<CharDelimiterSplit>
{
    public static string TypeName => "CharDelimiterSplit";

    public static CharDelimiterSplit Read(PartReader json)
    {
        var text = json.Text("delimiter");
        return Rune.TryGetRuneAt(text.Length > 0 ? text : "\uD800", 0, out var rune) && rune.Utf16SequenceLength == text.Length
            ? new CharDelimiterSplit(rune)
            : throw json.Error($"'delimiter' is '{text}'; it must be one character.");
    }

    public void Split(TextSpan span, List<TextSpan> words) => Splitter.Split(span, rune => rune == delimiter, SplitBehavior.Removed, words);
}
