using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Patterns;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Replaces the matches of a pattern; the new characters are aligned to the last replaced character.</summary>
internal sealed class Replace(TextPattern pattern, string content) : INormalizer, IPart<Replace>
{
    public static string TypeName => "Replace";

    public static Replace Read(PartReader json) => new(TextPattern.Read(json), json.Text("content"));

    public void Normalize(NormalizedText text)
    {
        if (pattern is LiteralPattern { Literal: [var old] } && content is [var one])
        {
            text.Chars.Replace(old, one);
            return;
        }
        var matches = TextPattern.RentMatches();
        pattern.Find(text.Chars, matches);
        if (matches.Count > 0)
            Rewrite(text, matches);
        TextPattern.Return(matches);
    }

    private void Rewrite(NormalizedText text, List<TextMatch> matches)
    {
        text.BeginRewrite();
        var position = 0;
        foreach (var (start, end) in matches)
        {
            text.Keep(start - position);
            position = start;
            for (var width = 0; position < end; position += width)
            {
                width = position + 1 < end && char.IsSurrogatePair(text.Chars[position], text.Chars[position + 1]) ? 2 : 1;
                text.Skip();
            }
            foreach (var rune in content.EnumerateRunes())
                text.Insert(rune);
        }
        text.Keep(text.Length - position);
        text.EndRewrite();
    }
}
