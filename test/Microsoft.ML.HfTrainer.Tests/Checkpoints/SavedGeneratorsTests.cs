using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

/// <summary>The states of the random number generators of the CPU and of GPUs in checkpoints.</summary>
[TestClass]
public sealed class SavedGeneratorsTests
{
    private static readonly string _fixtures = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "random");

    [TestMethod]
    [DataRow("one-gpu", "cpu cuda")]
    [DataRow("two-gpus", "cpu cuda:0 cuda:1")]
    public void Those_of_python_are_read(string name, string names)
    {
        var states = SavedProgress.ReadLoop(Path.Combine(_fixtures, name))!.Random;
        Assert.AreEqual(names, string.Join(' ', states.Keys));
        CollectionAssert.AreEqual(RandomGenerator.Cpu.Seeded(1), states["cpu"]);
        Assert.AreEqual("03 00 00 00 00 00 00 00 0C 00 00 00 00 00 00 00", Convert.ToHexString(states.ElementAt(1).Value).Chunk(2).Select(c => new string(c)).Aggregate((a, b) => $"{a} {b}"));
    }

    [TestMethod]
    public void What_is_written_is_read()
    {
        using var folder = new TemporaryFolder();
        GeneratorStates States(byte first) => GeneratorStates.From([new("cpu", [first, 2, 3]), new("cuda", [first, 9])]);
        SavedLoop[] loops =
        [
            new(States(1), States(4), [5, 6]) { LossSum = 1.5, LastLogged = 6, GradientNorm = 0.25, LearningRate = 1e-3, Position = new(1, 2, 3), IsLogPending = true },
            new(States(7), null) { LossSum = 2, LastLogged = 1, GradientNorm = 3, LearningRate = 4, Position = new(0, 4, 5), IsEpochStopped = true, IsEvaluationPending = true },
        ];
        foreach (var loop in loops)
        {
            SafetensorsWriter.Write(Path.Combine(folder.Path, "rng_state.safetensors"), SavedProgress.Describe(loop));
            var read = SavedProgress.ReadLoop(folder.Path)!;
            Assert.AreEqual(loop with { Random = read.Random, EpochStart = read.EpochStart, Collator = read.Collator }, read);
            CollectionAssert.AreEqual(loop.Collator, read.Collator);
            foreach (var (expected, actual) in new[] { (loop.Random, read.Random), (loop.EpochStart, read.EpochStart) })
                CollectionAssert.AreEqual(expected?.SelectMany(s => s.Value.Prepend((byte)s.Key.Length)).ToArray(), actual?.SelectMany(s => s.Value.Prepend((byte)s.Key.Length)).ToArray());
        }
    }
}
