using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Strips whitespace from the ends of the text.</summary>
internal sealed class Strip(bool left, bool right) : INormalizer, IPart<Strip>
{
    public static string TypeName => "Strip";

    public static Strip Read(PartReader json) => new(json.Flag("strip_left", true), json.Flag("strip_right", true));

    public void Normalize(NormalizedText text)
    {
        ReadOnlySpan<char> chars = text.Chars;
        var start = left ? chars.Length - chars.TrimStart().Length : 0;
        var end = right ? chars.TrimEnd().Length : chars.Length;
        if (start == 0 && end == chars.Length)
            return;
        text.BeginRewrite();
        var position = 0;
        foreach (var rune in chars.EnumerateRunes())
        {
            if (position >= start && position < end)
                text.Replace(rune);
            else
                text.Skip();
            position += rune.Utf16SequenceLength;
        }
        text.EndRewrite();
    }
}
