using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Loads a saved pipeline and says the scores that it gives for the texts of a file, the first column of which is the text.</summary>
internal static class SavedPredictions
{
    public static int Tell(string file, string reviews)
    {
        var mlContext = new MLContext();
        var predictions = mlContext.Model.Load(file, out _).Transform(mlContext.Data.LoadFromTextFile<Row>(reviews));
        foreach (var scores in predictions.GetColumn<float[]>("Score"))
            Teller.Say(string.Join(' ', scores.Select(score => score.ToString("R", CultureInfo.InvariantCulture))));
        return 0;
    }

    private sealed class Row
    {
        [LoadColumn(0)]
        public string Text { get; set; } = "";

        [LoadColumn(1)]
        public string Label { get; set; } = "";
    }
}
