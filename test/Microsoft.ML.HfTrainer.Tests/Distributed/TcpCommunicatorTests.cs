using Microsoft.ML.HfTrainer.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Distributed;

[TestClass]
public class TcpCommunicatorTests
{
    [TestMethod]
    public void Ranks_exchange_tensors()
    {
        var all = TcpRanks.Run(3, communicator =>
        {
            using var scope = NewDisposeScope();
            var rank = communicator.Rank;
            var (sum, half, largest, first) = (tensor(new[] { 1f, rank }), full(2, rank, dtype: ScalarType.BFloat16), tensor(new[] { -rank, rank }), full(2, rank + 5L, dtype: ScalarType.Int64));
            communicator.AllReduce([sum, half], ReduceOperation.Sum);
            communicator.AllReduce([largest], ReduceOperation.Max);
            communicator.Broadcast([first]);
            var gathered = communicator.AllGather(full([1, 2], rank, dtype: ScalarType.Int32));
            var scattered = communicator.ReduceScatter(arange(6, dtype: ScalarType.Float32).view(3, 2));
            return $"{communicator.AllReduce(rank, ReduceOperation.Sum)}; {Show(sum)}; {Show(half)}; {Show(largest)}; {Show(first)}; {Show(gathered)}; {Show(scattered)}";
        });
        Assert.AreSequenceEqual(Enumerable.Range(0, 3).Select(rank => $"3; 3 3; 3 3; 0 2; 5 5; 0 0 1 1 2 2; {6 * rank} {6 * rank + 3}"), all);
    }

    [TestMethod]
    public void Rows_of_different_number_and_width_are_gathered()
    {
        var all = TcpRanks.Run(3, communicator =>
        {
            using var scope = NewDisposeScope();
            var rows = communicator.GatherRows(full([2, communicator.Rank + 1], communicator.Rank, dtype: ScalarType.Int64), communicator.Rank);
            var bytes = communicator.GatherBytes([.. Enumerable.Repeat((byte)communicator.Rank, communicator.Rank)]);
            return $"{Show(rows)}; {string.Join(" | ", bytes.Select(own => string.Join(' ', own)))}";
        });
        foreach (var one in all)
            Assert.AreEqual("1 1 -100 2 2 2 2 2 2;  | 1 | 2 2", one);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void A_rank_that_ends_is_named_to_all_others(int lost)
    {
        var ranks = TcpRanks.Start(3, communicator => communicator.Rank == lost ? 0 : communicator.AllReduce(1, ReduceOperation.Sum));
        foreach (var rank in ranks.Where((_, rank) => rank != lost))
            Assert.Contains($"Rank {lost} has ended", rank.Exception!.InnerException!.Message);
    }

    [TestMethod]
    public void Ranks_that_make_different_calls_are_told_so()
    {
        var ranks = TcpRanks.Start(2, communicator =>
        {
            using var own = zeros(communicator.Rank + 1);
            communicator.AllReduce([own], ReduceOperation.Sum);
            return 0;
        });
        Assert.Contains("Rank 1 exchanges 8 bytes in its call 2, and rank 0 4 bytes in its call 2", ranks[0].Exception!.InnerException!.Message);
    }

    [TestMethod]
    public void A_missing_rank_is_told_from_those_that_came()
    {
        var (port, timeout) = (TcpRanks.FreePort(), TimeSpan.FromSeconds(2));
        var second = Task.Run(() => TcpCommunicator.Connect(2, 3, "localhost", port, timeout));
        Assert.Contains("only those with rank 0, 2 came", Assert.ThrowsExactly<TimeoutException>(() => TcpCommunicator.Connect(0, 3, "localhost", port, timeout)).Message);
        Assert.ThrowsExactly<AggregateException>(second.Wait);
    }

    private static string Show(Tensor tensor) => string.Join(' ', tensor.to(ScalarType.Float64).cpu().data<double>().ToArray());
}
