using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

/// <summary>Splits into runs of word characters, and runs of characters that are neither word characters nor whitespace.</summary>
internal sealed class Whitespace : IPreTokenizer, IPart<Whitespace>
{
    public static string TypeName => "Whitespace";

    public static Whitespace Read(PartReader json) => new();

    public void Split(TextSpan span, List<TextSpan> words)
    {
        var (start, position, current) = (span.Start, span.Start, 0);
        foreach (var rune in span.Chars.EnumerateRunes())
        {
            var kind = Characters.IsWord(rune) ? 1 : Rune.IsWhiteSpace(rune) ? 0 : 2;
            if (kind != current)
            {
                Add(position);
                (start, current) = (position, kind);
            }
            position += rune.Utf16SequenceLength;
        }
        Add(position);

        void Add(int end)
        {
            if (current != 0)
                words.Add(new TextSpan(span.Text, start, end));
        }
    }
}
