using System.Net;
using System.Net.Sockets;
using Microsoft.ML.HfTrainer.Distributed;

namespace Microsoft.ML.HfTrainer.Tests.Distributed;

/// <summary>Processes that meet over TCP, each a thread of this one: trainers that it makes train together with those of the others.</summary>
internal static class TcpRanks
{
    // Far more than any test takes: ranks that wait for each other must not hang the tests.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs each rank to its end and returns what they returned; fails with the first failure that is not a mere consequence of another rank's end.</summary>
    public static IReadOnlyList<T> Run<T>(int size, Func<TcpCommunicator, T> run)
    {
        var ranks = Start(size, run);
        var failures = ranks.Select(rank => rank.Exception?.InnerException).OfType<Exception>().OrderBy(failure => failure is IOException).ToList();
        Assert.IsEmpty(failures, string.Join('\n', failures));
        return [.. ranks.Select(rank => rank.Result)];
    }

    /// <summary>Runs each rank to its end or its failure.</summary>
    public static IReadOnlyList<Task<T>> Start<T>(int size, Func<TcpCommunicator, T> run)
    {
        var port = FreePort();
        var ranks = Enumerable.Range(0, size).Select(rank => Task.Factory.StartNew(() => Run(rank, size, port, run), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Assert.IsTrue(Task.WhenAll(ranks).ContinueWith(_ => { }, TaskScheduler.Default).Wait(2 * _limit), "the ranks wait for each other");
        return ranks;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static T Run<T>(int rank, int size, int port, Func<TcpCommunicator, T> run)
    {
        using var communicator = TcpCommunicator.Connect(rank, size, "127.0.0.1", port, _limit);
        ProcessGroup.InPlace = communicator;
        return run(communicator);
    }
}
