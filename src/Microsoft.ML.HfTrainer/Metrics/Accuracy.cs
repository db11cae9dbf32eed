namespace Microsoft.ML.HfTrainer.Metrics;

/// <summary>The share of examples whose class with the highest score is their label; labels of -100 do not count.</summary>
internal static class Accuracy
{
    public static IReadOnlyDictionary<string, double> Compute(EvalPrediction prediction)
    {
        var counted = prediction.PredictedClasses().Zip(prediction.LabelClasses()).Where(pair => pair.Second != -100).ToList();
        return new Dictionary<string, double> { ["accuracy"] = counted.Count == 0 ? double.NaN : counted.Count(pair => pair.First == pair.Second) / (double)counted.Count };
    }
}
