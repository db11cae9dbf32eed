using System.Text;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer.Metrics.Answers;

/// <summary>Normalizes and compares answers as SQuAD does: in lower case, without punctuation and articles.</summary>
internal static class AnswerText
{
    /// <summary>Returns the words of the normalized answer.</summary>
    public static List<string> Words(string answer)
    {
        var runes = PlainText.Runes(string.Concat(PlainText.Lower(answer).Where(c => !PlainText.IsPunctuation(c))));
        var text = new StringBuilder(runes.Length);
        for (int start = 0, end; start < runes.Length; start = end)
        {
            var word = PlainText.IsWord(runes[start]);
            for (end = start + 1; end < runes.Length && PlainText.IsWord(runes[end]) == word;)
                end++;
            var piece = string.Concat(runes[start..end]);
            text.Append(piece is "a" or "an" or "the" ? " " : piece);
        }
        return PlainText.Split(text.ToString());
    }

    /// <summary>Returns the F1 of the words of two answers.</summary>
    public static double F1(List<string> prediction, List<string> answer)
    {
        var left = answer.CountBy(word => word).ToDictionary();
        var shared = 0;
        foreach (var word in prediction)
        {
            if (left.GetValueOrDefault(word) == 0)
                continue;
            left[word]--;
            shared++;
        }
        return shared == 0 ? 0 : 2.0 * shared / (prediction.Count + answer.Count);
    }
}
