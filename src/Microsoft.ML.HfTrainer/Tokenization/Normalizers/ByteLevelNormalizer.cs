using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Converts a text to the byte-level alphabet.</summary>
internal sealed class ByteLevelNormalizer : INormalizer, IPart<ByteLevelNormalizer>
{
    public static string TypeName => "ByteLevel";

    public static ByteLevelNormalizer Read(PartReader json) => new();

    public void Normalize(NormalizedText text)
    {
        Span<char> alphabet = stackalloc char[4];
        Span<char> character = stackalloc char[2];
        text.BeginRewrite();
        foreach (var rune in text.Chars.EnumerateRunes())
        {
            var bytes = ByteAlphabet.Write(character[..rune.EncodeToUtf16(character)], alphabet);
            text.Replace(new Rune(alphabet[0]));
            foreach (var other in alphabet[1..bytes])
                text.Insert(new Rune(other));
        }
        text.EndRewrite();
    }
}
