namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Examples of tokens and classes, the same for the same seed.</summary>
internal static class SmallData
{
    private const int Vocabulary = 120, Classes = 3, FirstWord = 5;

    public static Dataset Make(int count, int seed)
    {
        var random = new Random(seed);
        return Dataset.From(Enumerable.Range(0, count).Select(_ =>
        {
            int[] ids = [2, .. Enumerable.Range(0, random.Next(3, 12)).Select(_ => random.Next(FirstWord, Vocabulary)), 3];
            return new Example { ["input_ids"] = ids, ["attention_mask"] = Array.ConvertAll(ids, _ => 1), ["labels"] = random.Next(Classes) };
        }));
    }
}
