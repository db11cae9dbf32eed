namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>An application with Microsoft.ML.TorchSharp beside this library, at the version of TorchSharp that this library needs.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class MigrationTests
{
    private static ConsumerProject _consumer = null!;

    [ClassInitialize]
    public static void Build(TestContext _)
    {
        // Microsoft.ML.TorchSharp asks for a version of SkiaSharp that not every source has.
        _consumer = new(
            PackedFeed.Shared, "migration", "Microsoft.ML.HfTrainer", "TorchSharp-cpu", "Microsoft.ML.TorchSharp@0.23.1", "SkiaSharp@2.88.9",
            "SkiaSharp.NativeAssets.Linux.NoDependencies@2.88.9");
        _consumer.Build();
    }

    [ClassCleanup]
    public static void Delete() => _consumer?.Dispose();

    [TestMethod]
    public void TheStockEstimatorsOfTextsAreStillCreated() => CollectionAssert.AreEqual(
        new[] { "TextClassificationTrainer", "SentenceSimilarityTrainer", "NerTrainer", "QATrainer" },
        _consumer.Run("make").Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    // What docs/migrating.md says: interpolate has other parameters since, and object detection calls it.
    [TestMethod]
    public void ObjectDetectionAloneCallsWhatTorchSharpNoLongerHas()
    {
        var broken = _consumer.Run("broken").Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.IsNotEmpty(broken);
        foreach (var line in broken)
        {
            StringAssert.StartsWith(line, "Microsoft.ML.TorchSharp.AutoFormerV2.");
            StringAssert.Contains(line, "functional.interpolate(");
        }
    }

    [TestMethod]
    public void TheirTwinsTrainBesideThem()
    {
        using var model = new Estimators.TinyModel();
        var output = _consumer.Run("train", model.Folder).Succeeded().Output;
        StringAssert.Contains(output, "text classification: Vector<Single, 2>");
        StringAssert.Contains(output, "sentence similarity: Single");
        StringAssert.Contains(output, "question answering: Vector<String>");
        StringAssert.Contains(output, "named entities: Vector<Key<UInt32, 0-0>>");
    }
}
