using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Readme;

/// <summary>Runs the programs of the README, with the model that ships and the reviews of an example in place of the hub's model and the reader's data.</summary>
[TestClass]
public class ReadmeTests
{
    private static readonly string _model = Path.Combine(GoldenFolder.Repository, "src/Microsoft.ML.HfTrainer.MiniLM/model");
    private static readonly string _data = Path.Combine(GoldenFolder.Repository, "examples/SentimentAnalysis/data");

    private static string Readme => File.ReadAllText(Path.Combine(GoldenFolder.Repository, "README.md"));

    [TestMethod]
    public void The_quick_start_learns_to_tell_reviews_apart()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "HfTrainer", "MiniLM");
        CopyModel(beside);
        try
        {
            var output = RunIn(folder => File.Copy(Path.Combine(_data, "train.tsv"), Path.Combine(folder, "reviews.tsv")), "HfTextClassification", out var files);
            Assert.IsGreaterThan(0.6, Number(output, @"Accuracy: ([\d.]+)"));
            Assert.IsGreaterThan(0.5, Number(output, @"Prediction: [01], probability ([\d.]+)"));
            Assert.Contains("reviews.zip", files);
        }
        finally
        {
            Directory.Delete(beside, recursive: true);
        }
    }

    [TestMethod]
    public void The_program_beside_Python_learns_to_tell_reviews_apart()
    {
        var output = RunIn(
            folder =>
            {
                CopyModel(Path.Combine(folder, "distilbert-base-uncased"));
                Directory.CreateDirectory(Path.Combine(folder, "imdb"));
                File.Copy(Path.Combine(_data, "train.tsv"), Path.Combine(folder, "imdb/train.tsv"));
                File.Copy(Path.Combine(_data, "dev.tsv"), Path.Combine(folder, "imdb/test.tsv"));
            },
            "imdb/train.tsv", out var files);
        Assert.IsGreaterThan(0.5, Number(output, @"test_accuracy, ([\d.]+)"));
        Assert.Contains("save/checkpoint-60/model.safetensors", files);
    }

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void The_commands_are_shown_on_lines_of_their_own(string command) => Assert.Contains($"\n{command}\n", Readme);

    private static IEnumerable<object[]> Commands =>
    [
        ["dotnet test"],
        .. Directory.GetDirectories(Path.Combine(GoldenFolder.Repository, "examples")).Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any()).Order(StringComparer.Ordinal).Select(folder => new object[] { $"dotnet run -c Release --project examples/{Path.GetFileName(folder)}" }),
    ];

    private static void CopyModel(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(_model))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
    }

    // Runs the README's program that contains a text in a folder of its own, and returns what it printed and the files that it left.
    private static string RunIn(Action<string> layOut, string text, out IReadOnlyCollection<string> files)
    {
        var program = Sample.All.First(sample => sample is { Page: "README.md", IsProgram: true } && sample.Code.Contains(text, StringComparison.Ordinal));
        var folder = Directory.CreateTempSubdirectory("hftrainer-readme-").FullName;
        var (before, console) = (Environment.CurrentDirectory, Console.Out);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        try
        {
            layOut(folder);
            Environment.CurrentDirectory = folder;
            Console.SetOut(output);
            program.Run();
            files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))];
            return output.ToString();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Number(string output, string pattern) =>
        Regex.Match(output, pattern) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : throw new AssertFailedException(output);
}
