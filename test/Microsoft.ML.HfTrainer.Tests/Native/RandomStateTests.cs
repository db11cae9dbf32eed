using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public class RandomStateTests
{
    [TestMethod]
    public void Streams_that_take_turns_draw_what_they_draw_alone()
    {
        using var kept = new GeneratorState();
        var gpu = new CountingGenerator();
        var alone = Enumerable.Range(1, 4).Select(seed => Draw(seed, gpu, 50, null)).ToList();
        var start = new Barrier(4);
        var together = Enumerable.Range(1, 4).Select(seed => Task.Factory.StartNew(() => Draw(seed, gpu, 50, start), TaskCreationOptions.LongRunning)).ToList();
        for (var i = 0; i < 4; i++)
            CollectionAssert.AreEqual(alone[i], together[i].GetAwaiter().GetResult(), $"stream {i}");
    }

    [TestMethod]
    public void The_process_goes_on_as_if_nothing_had_been_drawn()
    {
        using var kept = new GeneratorState();
        var gpu = new CountingGenerator { Position = 900 };
        random.manual_seed(5);
        var expected = Number();
        random.manual_seed(5);
        // The first to begin is the first to end.
        var (first, second) = (new RandomState(1, [RandomGenerator.Cpu]).Use(), new RandomState(2, [RandomGenerator.Cpu, gpu]).Use());
        Number();
        gpu.Next();
        first.Dispose();
        second.Dispose();
        Assert.AreEqual(expected, Number());
        Assert.AreEqual(900, gpu.Position);
    }

    [TestMethod]
    public void A_stream_within_another_leaves_it_where_it_was()
    {
        var outer = new RandomState(1);
        using var use = outer.Use();
        var first = Number();
        RandomState.Draw(9, Number);
        var second = Number();
        using (outer.Use())
            outer.Restore(new RandomState(1).Captured);
        Assert.AreEqual(first, Number());
        Assert.AreEqual(second, Number());
    }

    [TestMethod]
    public void A_seed_covers_every_generator_and_a_saved_state_restores_each()
    {
        var gpu = new CountingGenerator { Position = 5 };
        var stream = new RandomState(7, [RandomGenerator.Cpu, gpu]);
        using var use = stream.Use();
        Assert.AreEqual(7000, gpu.Position);
        Number();
        gpu.Next();
        stream.Capture();
        var (saved, next) = (stream.Captured, (Number(), gpu.Next()));
        CollectionAssert.AreEqual(new[] { "cpu", "cuda" }, saved.Keys.ToArray());
        stream.Restore(saved);
        Assert.AreEqual(next, (Number(), gpu.Next()));

        // A state of the CPU alone, and that of a machine with several GPUs.
        var ofCpu = GeneratorStates.From(saved.Where(s => s.Key == "cpu"));
        CollectionAssert.AreEqual(new[] { "cuda" }, stream.MissingIn(ofCpu).ToArray());
        stream.Restore(ofCpu);
        Assert.AreEqual(7003, gpu.Next());
        stream.Restore(GeneratorStates.From([.. ofCpu, new("cuda:0", BitConverter.GetBytes(1L)), new("cuda:1", BitConverter.GetBytes(40L))]));
        Assert.AreEqual(41, gpu.Next(), "that of its own number");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => stream.Restore(GeneratorStates.From([new("cuda", new byte[3])]))).Message, "'cuda' has 3 bytes");
    }

    [TestMethod]
    public void The_state_of_a_gpu_is_its_seed_and_no_offset() =>
        CollectionAssert.AreEqual(new byte[] { 0x2a, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, CudaGenerator.SeededState(0x12a));

    private static List<long> Draw(int seed, CountingGenerator gpu, int count, Barrier? start)
    {
        var stream = new RandomState(seed, [RandomGenerator.Cpu, gpu]);
        using var use = stream.Use();
        var drawn = new List<long>();
        start?.SignalAndWait();
        for (var i = 0; i < count; i++)
        {
            using (RandomState.TakeTurn())
            using (RandomState.TakeTurn())
                drawn.AddRange([Number(), gpu.Next(), Number()]);
            stream.Capture();
        }
        return drawn;
    }

    private static long Number()
    {
        using var drawn = randint(1L << 40, [1], ScalarType.Int64);
        return drawn.item<long>();
    }

    /// <summary>Stands in for the generator of a GPU.</summary>
    private sealed class CountingGenerator : RandomGenerator
    {
        public long Position { get; set; }

        public override string Name => "cuda";

        public override int Index => 1;

        public override byte[] State { get => BitConverter.GetBytes(Position); set => Position = BitConverter.ToInt64(value); }

        public override byte[] Seeded(long seed) => BitConverter.GetBytes(1000 * seed);

        public long Next() => ++Position;
    }
}
