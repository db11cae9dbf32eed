using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits at whitespace, which is removed, and isolates each punctuation character.</summary>
internal sealed class BertPreTokenizer : IPreTokenizer, IPart<BertPreTokenizer>
{
    public static string TypeName => "BertPreTokenizer";

    public static BertPreTokenizer Read(PartReader json) => new();

    public void Split(TextSpan span, List<TextSpan> words)
    {
        var chars = span.Chars;
        var start = 0;
        for (var i = 0; i < chars.Length;)
        {
            var c = chars[i];
            if (char.IsAsciiLetterOrDigit(c))
            {
                i++;
                continue;
            }
            var width = 1;
            var isPunctuation = false;
            if (char.IsAscii(c))
            {
                isPunctuation = Characters.IsAsciiPunctuation(c);
            }
            else
            {
                Rune.DecodeFromUtf16(chars[i..], out var rune, out width);
                isPunctuation = Characters.IsPunctuation(rune);
            }
            if (isPunctuation || char.IsWhiteSpace(c))
            {
                Add(start, i);
                if (isPunctuation)
                    Add(i, i + width);
                start = i + width;
            }
            i += width;
        }
        Add(start, chars.Length);

        void Add(int from, int to)
        {
            if (from < to)
                words.Add(new TextSpan(span.Text, span.Start + from, span.Start + to));
        }
    }
}
