using Microsoft.ML.HfTrainer.Tokenization.Patterns;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>What ByteLevel does before it comes to bytes: a space before a text that begins with none, and GPT-2's words.</summary>
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

    // The space comes from the first character, so that it takes no room of its own.
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
