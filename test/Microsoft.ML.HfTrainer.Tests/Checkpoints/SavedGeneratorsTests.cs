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
        foreach (var loop in new[] { new SavedLoop(States(1), States(4), 1.5, 6, 0.25, 1e-3), new SavedLoop(States(7), null, 2, 1, 3, 4) })
        {
            SafetensorsWriter.Write(Path.Combine(folder.Path, "rng_state.safetensors"), SavedProgress.Describe(loop));
            var read = SavedProgress.ReadLoop(folder.Path)!;
            Assert.AreEqual(loop with { Random = read.Random, EpochStart = read.EpochStart }, read);
            foreach (var (expected, actual) in new[] { (loop.Random, read.Random), (loop.EpochStart, read.EpochStart) })
                CollectionAssert.AreEqual(expected?.SelectMany(s => s.Value.Prepend((byte)s.Key.Length)).ToArray(), actual?.SelectMany(s => s.Value.Prepend((byte)s.Key.Length)).ToArray());
        }
    }
}
