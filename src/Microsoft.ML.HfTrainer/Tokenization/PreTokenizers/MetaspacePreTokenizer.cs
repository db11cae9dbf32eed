using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>
/// SentencePiece's way with spaces: each becomes a visible mark, the text may get a mark before it, and words begin at the marks. (The
/// class of Microsoft.ML.Tokenizers that does this is part of its SentencePiece model and keeps no offsets of its own.)
/// </summary>
internal sealed class MetaspacePreTokenizer(char mark, PrependScheme scheme, bool split) : IPreTokenizer, IPart<MetaspacePreTokenizer>
{
    public static string TypeName => "Metaspace";

    public static MetaspacePreTokenizer Read(PartReader json) =>
        new(MetaspaceFields.Replacement(json), MetaspaceFields.Scheme(json), json.Flag("split", true));

    public void Split(TextSpan span, List<TextSpan> words)
    {
        var (source, marked) = (span.Text, span.Text.Derived);
        var start = marked.Length;
        var first = source.Original(span.Start, span.Start + 1);
        var hasMark = span.Chars[0] == ' ' || span.Chars[0] == mark;
        if (!hasMark && (scheme == PrependScheme.Always || (scheme == PrependScheme.First && first.Start == 0)))
            marked.Append(mark, From(span));
        marked.Append(source, span.Start, span.End);
        var chars = marked.Chars[start..];
        chars.Replace(' ', mark);
        if (!split)
        {
            words.Add(new TextSpan(marked, start, marked.Length));
            return;
        }
        for (var from = 0; from < chars.Length;)
        {
            var length = chars[(from + 1)..].IndexOf(mark) + 1;
            var to = length == 0 ? chars.Length : from + length;
            words.Add(new TextSpan(marked, start + from, start + to));
            from = to;
        }
    }

    // The mark comes from the first character, so that it takes no room of its own.
    private static (int Start, int End) From(TextSpan span)
    {
        var chars = span.Chars;
        var width = chars.Length > 1 && char.IsSurrogatePair(chars[0], chars[1]) ? 2 : 1;
        return span.Text.Original(span.Start, span.Start + width);
    }
}
