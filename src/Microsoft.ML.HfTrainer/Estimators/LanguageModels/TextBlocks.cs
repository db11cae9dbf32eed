namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>Cuts texts that follow one another into blocks of one length; the last block is as long as what is left.</summary>
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
                yield return Block(ids, labels, taken, length);
            ids.RemoveRange(0, taken);
            labels.RemoveRange(0, taken);
        }
        // One token alone predicts nothing.
        if (ids.Count > 1)
            yield return Block(ids, labels, 0, ids.Count);
    }

    private static Example Block(List<int> ids, List<int> labels, int start, int length) =>
        NextTokens.Example([.. ids.Skip(start).Take(length)], [.. labels.Skip(start).Take(length)]);
}
