using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Transforms saved data with a saved model.</summary>
internal static class SavedTransform
{
    /// <param name="model">The model.</param>
    /// <param name="input">The data, as ML.NET's binary files have it.</param>
    /// <param name="output">The file of the data with predictions.</param>
    public static int Write(string model, string input, string output)
    {
        var mlContext = new MLContext();
        var transformed = mlContext.Model.Load(model, out _).Transform(mlContext.Data.LoadFromBinary(input));
        using var file = File.Create(output);
        mlContext.Data.SaveAsBinary(transformed, file);
        return 0;
    }
}
