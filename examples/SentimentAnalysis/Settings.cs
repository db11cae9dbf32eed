using System.Globalization;

namespace SentimentAnalysis;

/// <summary>The options of the command line.</summary>
internal sealed class Settings
{
    private const string Usage = "usage: [--data FOLDER] [--model FOLDER] [--epochs N] [--learning-rate X] [--batch-size N] [--save FILE.zip]";

    /// <summary>A folder with train.tsv and dev.tsv, whose lines are a text, a tab, and 0 or 1.</summary>
    public string Data { get; private set; } = Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>A Hugging Face model folder. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM is used.</summary>
    public string? Model { get; private set; }

    public double Epochs { get; private set; } = 6;

    public double LearningRate { get; private set; } = 1e-4;

    public int BatchSize { get; private set; } = 16;

    /// <summary>The path to save the trained pipeline to.</summary>
    public string Save { get; private set; } = "sentiment.zip";

    public static Settings Parse(string[] args)
    {
        var settings = new Settings();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value. {Usage}");
            switch (args[i])
            {
                case "--data": settings.Data = value; break;
                case "--model": settings.Model = value; break;
                case "--epochs": settings.Epochs = Number(args[i], value); break;
                case "--learning-rate": settings.LearningRate = Number(args[i], value); break;
                case "--batch-size": settings.BatchSize = (int)Number(args[i], value); break;
                case "--save": settings.Save = value; break;
                default: throw new ArgumentException($"{args[i]} is not an option. {Usage}");
            }
        }
        return settings;
    }

    private static double Number(string option, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"{option} is '{value}'; it should be a number. {Usage}");
}
