using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Loads saved pipelines and says the ids that each of them gives for a text.</summary>
internal static class SavedTokens
{
    public static int Tell(string text, IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            var mlContext = new MLContext();
            var tokens = mlContext.Model.Load(file, out _).Transform(mlContext.Data.LoadFromEnumerable([new { First = text, Second = text }]));
            Teller.Say($"ids {string.Join(' ', tokens.GetColumn<long[]>("InputIds").Single())}");
        }
        return 0;
    }
}
