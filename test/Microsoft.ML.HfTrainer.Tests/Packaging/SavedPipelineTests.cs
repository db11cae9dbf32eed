using System.Globalization;
using Microsoft.ML.HfTrainer.Tests.Estimators;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>A trained pipeline in another process, which references the packed library and TorchSharp-cpu and has neither a model folder nor a network.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class SavedPipelineTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void AnotherProcessWithoutNetworkPredictsTheSame()
    {
        var ml = new MLContext(seed: 1);
        var (file, texts) = (Path.GetTempFileName(), new[] { "a great film", "awful soup" });
        List<Verdict> expected;
        using (var model = new TinyModel())
        {
            var trained = Classifiers.Train(ml, model);
            expected = trained.Predict(ml, texts.Select(text => new Review { Text = text }));
            ml.Model.Save(trained, ml.Data.LoadFromEnumerable(Review.Some()).Schema, file);
            ((IDisposable)trained).Dispose();
        }
        using var consumer = new ConsumerProject(PackedFeed.Shared, "predict", "Microsoft.ML.HfTrainer", "TorchSharp-cpu");
        consumer.Build();

        var run = CommandLine.Run("unshare", consumer.OutputFolder, new Dictionary<string, string?>(), ["--map-root-user", "--net", "dotnet", consumer.Program, file, .. texts]).Succeeded();
        File.Delete(file);
        var lines = run.Output.TrimEnd().Split('\n').Select(line => line.Split(' ')).ToList();
        Assert.HasCount(texts.Length, lines);
        foreach (var (before, after) in expected.Zip(lines))
        {
            Assert.AreEqual(before.PredictedLabel, after[0]);
            for (var i = 0; i < before.Score.Length; i++)
                Assert.AreEqual(before.Score[i], float.Parse(after[i + 1], CultureInfo.InvariantCulture), 1e-6f);
        }
        Assert.AreEqual("", run.Error);
    }
}
