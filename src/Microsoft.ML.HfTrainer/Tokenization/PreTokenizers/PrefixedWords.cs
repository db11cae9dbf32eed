using Microsoft.ML.HfTrainer.Tokenization.Patterns;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>
/// ByteLevel without the conversion to bytes: prepends a space to a text that does not begin with one, and splits with the pattern of GPT-2.
/// </summary>
internal sealed class PrefixedWords(bool addsSpace, bool splits) : IPreTokenizer
{
    public void Split(TextSpan span, List<TextSpan> words)
    {
        if (addsSpace && span.Chars[0] != ' ')
            span = WithSpace(span);
        if (splits)
            Splitter.Split(span, Gpt2Pattern.Instance, invert: false, SplitBehavior.Isolated, words);
        else
            words.Add(span);
    }

    // The prepended space is aligned to the first character of the text.
    private static TextSpan WithSpace(TextSpan span)
    {
        var (source, prefixed) = (span.Text, span.Text.Derived);
        var start = prefixed.Length;
        var chars = span.Chars;
        var width = chars.Length > 1 && char.IsSurrogatePair(chars[0], chars[1]) ? 2 : 1;
        prefixed.Append(' ', source.Original(span.Start, span.Start + width));
        prefixed.Append(source, span.Start, span.End);
        return new TextSpan(prefixed, start, prefixed.Length);
    }
}
