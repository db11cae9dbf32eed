using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>
/// Handles spaces as SentencePiece does: each becomes a visible replacement character, one may be prepended to the text, and words begin at them. (In
/// Microsoft.ML.Tokenizers this is part of the SentencePiece model and keeps no offsets.)
/// </summary>
internal sealed class MetaspacePreTokenizer(char replacement, PrependScheme scheme, bool split) : IPreTokenizer, IPart<MetaspacePreTokenizer>
{
    public static string TypeName => "Metaspace";

    public static MetaspacePreTokenizer Read(PartReader json) =>
        new(MetaspaceFields.Replacement(json), MetaspaceFields.Scheme(json), json.Flag("split", true));

    public void Split(TextSpan span, List<TextSpan> words)
    {
        var (source, replaced) = (span.Text, span.Text.Derived);
        var start = replaced.Length;
        var first = source.Original(span.Start, span.Start + 1);
        var hasReplacement = span.Chars[0] == ' ' || span.Chars[0] == replacement;
        if (!hasReplacement && (scheme == PrependScheme.Always || (scheme == PrependScheme.First && first.Start == 0)))
            replaced.Append(replacement, From(span));
        replaced.Append(source, span.Start, span.End);
        var chars = replaced.Chars[start..];
        chars.Replace(' ', replacement);
        if (!split)
        {
            words.Add(new TextSpan(replaced, start, replaced.Length));
            return;
        }
        for (var from = 0; from < chars.Length;)
        {
            var length = chars[(from + 1)..].IndexOf(replacement) + 1;
            var to = length == 0 ? chars.Length : from + length;
            words.Add(new TextSpan(replaced, start + from, start + to));
            from = to;
        }
    }

    // The prepended character is aligned to the first character of the text.
    private static (int Start, int End) From(TextSpan span)
    {
        var chars = span.Chars;
        var width = chars.Length > 1 && char.IsSurrogatePair(chars[0], chars[1]) ? 2 : 1;
        return span.Text.Original(span.Start, span.Start + width);
    }
}
