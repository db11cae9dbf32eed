using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Tokenization.Fuzz;

/// <summary>
/// Unusual texts, the same in every run: mixed scripts, combining marks, emoji and control characters, lone surrogates, special tokens within words,
/// and occasionally a very long word.
/// </summary>
internal static class RandomTexts
{
    private static readonly (int First, int Last)[] Blocks =
    [
        ('a', 'z'), ('a', 'z'), ('A', 'Z'), ('0', '9'), (' ', '/'), (' ', ' '), (0, 0x1F), (0x7F, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x300, 0x36F),
        (0x370, 0x52F), (0x591, 0x5F4), (0x600, 0x6FF), (0x700, 0x74F), (0x900, 0x97F), (0xE00, 0xE5B), (0x1100, 0x11FF), (0x1E00, 0x1FFE),
        (0x2000, 0x206F), (0x20A0, 0x20F0), (0x2100, 0x218B), (0x2460, 0x24FF), (0x2581, 0x2581), (0x3000, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xAFFF),
        (0xD800, 0xDFFF), (0xE000, 0xE0FF), (0xF900, 0xFAFF), (0xFB00, 0xFDFF), (0xFE00, 0xFE0F), (0xFE70, 0xFFEF), (0xFFF0, 0xFFFF),
        (0x10000, 0x100FF), (0x1D400, 0x1D7FF), (0x1F1E6, 0x1F1FF), (0x1F300, 0x1FAFF), (0x1F3FB, 0x1F3FF), (0x20000, 0x2FFFF), (0xE0000, 0xE01EF),
        (0x10FF00, 0x10FFFF),
    ];

    private static readonly string[] Phrases =
    [
        "<s>", "</s>", "<pad>", "<unk>", "<mask>", " <mask>", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "<extra_id_0>", "<0x41>", "<|endoftext|>", "\u0120",
        "##", "\r\n", "``", "''", "don't", " n't", "12,345", "👩\u200D👩\u200D👧", "🏳\uFE0F\u200D🌈", "ｶﾞ", "ﬁ", "½", "İ", "ΑΣ", "\u1100\u1161\u11A8", "e\u0301\u031D",
    ];

    /// <summary>Texts of up to about twenty characters; a few in a thousand exceed all limits on the length of words.</summary>
    public static string[] Make(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Make(random))];
    }

    private static string Make(Random random)
    {
        var text = new StringBuilder();
        var length = random.Next(500) == 0 ? 2000 : random.Next(20);
        var isOneScript = random.Next(2) == 0;
        var block = random.Next(Blocks.Length);
        for (var i = 0; i < length; i++)
        {
            if (random.Next(12) == 0)
                text.Append(Phrases[random.Next(Phrases.Length)]);
            else if (random.Next(6) == 0)
                text.Append(' ');
            else
                AppendCharacter(isOneScript ? block : random.Next(Blocks.Length));
        }
        return text.ToString();

        void AppendCharacter(int index)
        {
            var (first, last) = Blocks[index];
            var codePoint = random.Next(first, last + 1);
            if (codePoint > char.MaxValue)
                text.Append(char.ConvertFromUtf32(codePoint));
            else
                text.Append((char)codePoint);
        }
    }
}
