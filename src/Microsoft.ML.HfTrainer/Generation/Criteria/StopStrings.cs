using System.Text;

namespace Microsoft.ML.HfTrainer.Generation.Criteria;

/// <summary>Ends a sequence when its last token completes one of some texts, which may have begun tokens before.</summary>
internal sealed class StopStrings(HfTokenizer tokenizer, IReadOnlyList<string> texts) : StoppingCriterion
{
    // Tokens that give no text, and the first, whose leading space a decoder may drop.
    private const int Margin = 8;

    private const char Incomplete = '\uFFFD';

    // A token is at least one byte, and no text is longer than this many of them.
    private readonly int _longest = texts.Max(Encoding.UTF8.GetByteCount) + Margin;

    public override bool IsFinished(ReadOnlySpan<int> ids)
    {
        int[] tail = [.. ids[Math.Max(0, ids.Length - _longest)..]];
        var (before, now) = (Decode(tail[..^1]), Decode(tail));
        // A character of which there are only some bytes yet is not part of the text before.
        var known = before.TrimEnd(Incomplete).Length;
        return texts.Any(text => now.IndexOf(text, Math.Clamp(known - text.Length + 1, 0, now.Length), StringComparison.Ordinal) >= 0);
    }

    private string Decode(int[] ids) => tokenizer.Decode(ids, skipSpecialTokens: false, cleanUpTokenizationSpaces: false);
}
