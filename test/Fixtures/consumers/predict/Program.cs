// A service that was given a trained pipeline as a file, and nothing else of its training: one text an argument, one line an answer.
using System;
using System.Globalization;
using System.Linq;
using Microsoft.ML;

var mlContext = new MLContext();
var model = mlContext.Model.Load(args[0], out _);
using var engine = mlContext.Model.CreatePredictionEngine<Input, Output>(model);
foreach (var text in args.Skip(1))
{
    var output = engine.Predict(new Input { Text = text });
    Console.WriteLine($"{output.PredictedLabel} {string.Join(' ', output.Score.Select(s => s.ToString("R", CultureInfo.InvariantCulture)))}");
}

internal sealed class Input
{
    public string Text { get; set; } = "";

    public string Label { get; set; } = "";
}

internal sealed class Output
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
