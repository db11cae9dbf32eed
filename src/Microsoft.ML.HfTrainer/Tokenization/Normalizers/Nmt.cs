using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>SentencePiece's cleanup for neural machine translation: removes some control characters and replaces unusual spaces by plain ones.</summary>
internal sealed class Nmt : INormalizer, IPart<Nmt>
{
    public static string TypeName => "Nmt";

    public static Nmt Read(PartReader json) => new();

    public void Normalize(NormalizedText text)
    {
        Filter.Remove(text, rune => IsDropped(rune.Value));
        foreach (ref var unit in text.Chars)
        {
            if (IsSpace(unit))
                unit = ' ';
        }
    }

    private static bool IsDropped(int codePoint) => codePoint
        is >= 0x01 and <= 0x08 or 0x0B or >= 0x0E and <= 0x1F or 0x7F or 0x8F or 0x9F;

    private static bool IsSpace(char unit) => unit
        is '\t' or '\n' or '\f' or '\r' or '\u1680' or >= '\u200B' and <= '\u200F' or '\u2028' or '\u2029' or '\u2581' or '\uFEFF' or '\uFFFD';
}
