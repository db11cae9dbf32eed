namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>
/// Cuts texts that follow one another into blocks of one length; the last block is as long as what is left. Blocks in which nothing is to be predicted, such as those within a long prompt,
/// are left out: a batch of them would have a loss that is not a number.
/// </summary>
internal static class TextBlocks
{
    /// <param name="texts">The texts, with a label for each token.</param>
    /// <param name="length">The number of tokens of a block.</param>
    public static IEnumerable<Example> Of(IEnumerable<Example> texts, int length)
    {
        var (ids, labels) = (new List<int>(), new List<int>());
        foreach (var text in texts)
        {
            ids.AddRange(text["input_ids"].Integers.Span);
            labels.AddRange(text[Batch.Labels].Integers.Span);
            var taken = 0;
            for (; ids.Count - taken >= length; taken += length)
                if (Predicts(labels, taken, length))
                    yield return Block(ids, labels, taken, length);
            ids.RemoveRange(0, taken);
            labels.RemoveRange(0, taken);
        }
        if (Predicts(labels, 0, ids.Count))
            yield return Block(ids, labels, 0, ids.Count);
    }

    // The first token of a block is not predicted.
    private static bool Predicts(List<int> labels, int start, int length) => length > 1 && labels.FindIndex(start + 1, length - 1, label => label != Batch.IgnoredLabel) >= 0;

    private static Example Block(List<int> ids, List<int> labels, int start, int length) =>
        NextTokens.Example([.. ids.Skip(start).Take(length)], [.. labels.Skip(start).Take(length)]);
}
