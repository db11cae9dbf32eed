using System.Text;
using Microsoft.ML.HfTrainer.Metrics.Text;

namespace Microsoft.ML.HfTrainer.Metrics.Answers;

/// <summary>Answers as SQuAD compares them: in lower case, without punctuation and articles.</summary>
internal static class AnswerText
{
    /// <summary>The words that are left.</summary>
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

    /// <summary>The F1 of the words that two answers share.</summary>
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
