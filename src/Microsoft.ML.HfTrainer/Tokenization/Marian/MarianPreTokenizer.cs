using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Marian;

/// <summary>Splits off the language code at the beginning of a text; the rest, normalized, is one word.</summary>
internal sealed class MarianPreTokenizer(PieceNormalizer normalizer) : IPreTokenizer
{
    public void Split(TextSpan span, List<TextSpan> words)
    {
        var code = span with { End = span.Start + LanguageCode.Length(span.Chars) };
        if (code.Start < code.End)
            words.Add(code);
        if (code.End == span.End)
            return;
        var rest = normalizer.Append(span with { Start = code.End }, span.Text.Derived);
        if (rest.Start < rest.End)
            words.Add(rest);
    }
}
