using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Prepends characters to a non-empty text, aligned to its first character.</summary>
internal sealed class Prepend(string prefix) : INormalizer, IPart<Prepend>
{
    public static string TypeName => "Prepend";

    public static Prepend Read(PartReader json) => new(json.Text("prepend"));

    public void Normalize(NormalizedText text)
    {
        if (text.Length == 0 || prefix.Length == 0)
            return;
        Rune.DecodeFromUtf16(text.Chars, out var first, out var width);
        text.BeginRewrite();
        text.Skip();
        foreach (var rune in prefix.EnumerateRunes())
            text.Insert(rune);
        text.Insert(first);
        text.Keep(text.Length - width);
        text.EndRewrite();
    }
}
