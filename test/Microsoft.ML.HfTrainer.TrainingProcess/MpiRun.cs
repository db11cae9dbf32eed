using Microsoft.ML.HfTrainer.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>A process that an MPI launcher starts several times: exchanges tensors and says what it has then.</summary>
internal static class MpiRun
{
    // Several pieces of an exchange.
    private const int Large = 20_000_000;

    public static int Run(string what)
    {
        var environment = ClusterEnvironment.Read();
        using var communicator = MpiCommunicator.Connect(environment);
        if (what == "abort" && communicator.Rank == 1)
            communicator.Abort(7);
        if (what == "leave" && communicator.Rank == 1)
            Environment.Exit(3);
        if (what == "exchange")
            Teller.Say($"rank {communicator.Rank} of {communicator.WorldSize}: {string.Join("; ", Exchange(communicator))}");
        communicator.Barrier();
        return 0;
    }

    private static IEnumerable<string> Exchange(MpiCommunicator communicator)
    {
        var (rank, count) = (communicator.Rank, communicator.WorldSize);
        yield return $"sum {communicator.AllReduce(rank + 1, ReduceOperation.Sum)}, max {communicator.AllReduce(rank, ReduceOperation.Max)}";
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16, ScalarType.Float16, ScalarType.Int64, ScalarType.Int32 })
        {
            using var tensor = arange(3, dtype: type) + (rank + 1);
            communicator.AllReduce([tensor], ReduceOperation.Sum);
            yield return $"{type} {Show(tensor)}";
        }
        using (var transposed = arange(4, dtype: ScalarType.Float32).view(2, 2).t() * (rank + 1))
        {
            communicator.AllReduce([transposed], ReduceOperation.Max);
            yield return $"transposed {Show(transposed)}";
        }
        using (var own = full(2, rank, dtype: ScalarType.BFloat16))
        {
            communicator.Broadcast([own]);
            yield return $"broadcast {Show(own)}";
        }
        using (var own = full([1, 2], rank, dtype: ScalarType.Int32))
        using (var all = communicator.AllGather(own))
            yield return $"gather [{string.Join(", ", all.shape)}] {Show(all)}";
        using (var all = arange(2 * count, dtype: ScalarType.Float32).view(count, 2) * (rank + 1))
        using (var own = communicator.ReduceScatter(all))
            yield return $"scatter [{string.Join(", ", own.shape)}] {Show(own)}";
        using (var large = full(Large, rank + 1, dtype: ScalarType.Float32))
        using (var gathered = communicator.AllGather(large))
        using (var scattered = communicator.ReduceScatter(gathered))
        {
            communicator.AllReduce([large], ReduceOperation.Sum);
            yield return $"large {Range(large)}, {Range(gathered)}, {Range(scattered)}";
        }
    }

    private static string Show(Tensor tensor) => string.Join(' ', tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray());

    private static string Range(Tensor tensor) => $"{tensor.min().item<float>()} to {tensor.max().item<float>()}";
}
