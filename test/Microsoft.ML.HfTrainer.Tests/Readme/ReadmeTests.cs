using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Readme;

[TestClass]
public class ReadmeTests
{
    private static string Program => Path.Combine(GoldenFolder.Repository, "test/Microsoft.ML.HfTrainer.Tests/Readme/ImdbProgram.cs");

    private static string Readme => File.ReadAllText(Path.Combine(GoldenFolder.Repository, "README.md"));

    [TestMethod]
    public void The_program_shown_is_the_program_compiled()
    {
        var lines = File.ReadAllLines(Program).SkipWhile(l => !l.Contains("// <README>")).Skip(1).TakeWhile(l => !l.Contains("// </README>"));
        var shown = string.Join('\n', lines.Select(l => l.StartsWith("        ") ? l[8..] : l));
        Assert.Contains(shown, Readme);
    }

    [TestMethod]
    public void The_program_runs_and_learns_to_tell_reviews_apart()
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-readme-").FullName;
        var before = Environment.CurrentDirectory;
        try
        {
            LayOut(folder);
            Environment.CurrentDirectory = folder;
            using var predictions = ImdbProgram.Run();
            Assert.AreEqual(120, predictions.Predictions.shape[0]);
            Assert.IsGreaterThan(0.5, predictions.Metrics["test_accuracy"]);
            Assert.IsTrue(File.Exists(Path.Combine(folder, "save/checkpoint-60/model.safetensors")));
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    // The model that ships and the example's reviews stand in for the hub's model and for IMDb.
    private static void LayOut(string folder)
    {
        var repository = GoldenFolder.Repository;
        Directory.CreateSymbolicLink(Path.Combine(folder, "distilbert-base-uncased"), Path.Combine(repository, "src/Microsoft.ML.HfTrainer.MiniLM/model"));
        Directory.CreateDirectory(Path.Combine(folder, "imdb"));
        File.Copy(Path.Combine(repository, "examples/SentimentAnalysis/data/train.tsv"), Path.Combine(folder, "imdb/train.tsv"));
        File.Copy(Path.Combine(repository, "examples/SentimentAnalysis/data/dev.tsv"), Path.Combine(folder, "imdb/test.tsv"));
    }

    [TestMethod]
    [DataRow("dotnet run -c Release --project examples/SentimentAnalysis")]
    [DataRow("dotnet run -c Release --project examples/ImageClassification")]
    [DataRow("dotnet test")]
    public void The_commands_are_shown_on_lines_of_their_own(string command) => Assert.Contains($"\n{command}\n", Readme);
}
