using System.Globalization;
using Microsoft.ML.HfTrainer.Tests.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>A process that loads a model has it in memory once: the file is mapped and never held beside the weights.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
[OSCondition(OperatingSystems.Linux)]
public sealed class LoadingMemoryTests
{
    private const double MostTimesTheWeights = 1.3;

    private static readonly string _folder = Directory.CreateTempSubdirectory("hftrainer-memory-").FullName;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static void Save(TestContext context)
    {
        using var model = AutoModel.FromPretrained(Path.Combine(GoldenFolder.Repository, "src", "Microsoft.ML.HfTrainer.MiniLM", "model"));
        model.SavePretrained(Path.Combine(_folder, "whole"));
        model.SavePretrained(Path.Combine(_folder, "sharded"), maxShardSize: 20_000_000);
    }

    [ClassCleanup]
    public static void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("whole")]
    [DataRow("sharded")]
    public void Loading_takes_little_more_than_the_weights(string files)
    {
        var result = Packaging.CommandLine.DotNet(_folder, new Dictionary<string, string?> { ["OMP_NUM_THREADS"] = "1" }, [TrainingRunProcess.Assembly, "load", Path.Combine(_folder, files)]).Succeeded();
        var told = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(w => w[0], w => double.Parse(w[1], CultureInfo.InvariantCulture));
        var times = (told["peak"] - told["before"]) / told["weights"];
        TestContext.WriteLine($"{files}: {told["weights"] / 1e6:0.0} MB of weights; anonymous memory grew by {times:0.000} times as much at its peak, {(told["after"] - told["before"]) / told["weights"]:0.000} in the end.");
        Assert.IsLessThanOrEqualTo(MostTimesTheWeights, times);
    }
}
