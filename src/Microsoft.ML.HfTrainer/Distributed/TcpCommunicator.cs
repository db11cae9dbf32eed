using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>
/// Connects processes over TCP: all are connected with the first, which combines what they send, in the order of the processes, and sends the result back.
/// </summary>
/// <remarks>Connections to processes that have ended are closed, so that all others fail in their next call with the number of the process that ended.</remarks>
internal sealed class TcpCommunicator : ProcessCommunicator
{
    // A greeting is this word, the rank and the number of processes. All is little-endian.
    private const long Greeting = 0x31_52_45_4E_49_41_52_54;
    private const int GreetingBytes = 16;

    // In place of the number of a call: the process of the length has ended.
    private const long Lost = -1;

    private static readonly TimeSpan _retry = TimeSpan.FromMilliseconds(20);

    // What connects and stays silent is no process of a training run, and must not keep the others waiting.
    private static readonly TimeSpan _greetingTime = TimeSpan.FromSeconds(10);

    // By rank; the first process has all but its own, the others only that of the first.
    private readonly NetworkStream?[] _peers;
    private long _call;

    private TcpCommunicator(int rank, NetworkStream?[] peers, TimeSpan timeout)
    {
        (Rank, WorldSize, _peers) = (rank, peers.Length, peers);
        foreach (var peer in peers.OfType<NetworkStream>())
            (peer.ReadTimeout, peer.WriteTimeout, peer.Socket.NoDelay) = ((int)timeout.TotalMilliseconds, (int)timeout.TotalMilliseconds, true);
    }

    /// <summary>Meets the other processes.</summary>
    /// <param name="rank">The number of this process.</param>
    /// <param name="worldSize">The number of processes.</param>
    /// <param name="host">The machine of the first process.</param>
    /// <param name="port">The port on which the first process listens.</param>
    /// <param name="timeout">How long to wait for the others, here and in each call.</param>
    /// <exception cref="TimeoutException">Not all came in time; the message names those that did.</exception>
    public static TcpCommunicator Connect(int rank, int worldSize, string host, int port, TimeSpan timeout)
    {
        var communicator = new TcpCommunicator(rank, rank == 0 ? Accept(worldSize, host, port, timeout) : Reach(rank, worldSize, host, port, timeout), timeout);
        communicator.Barrier();
        return communicator;
    }

    public override long AllReduce(long value, ReduceOperation operation)
    {
        using var one = tensor(new[] { value });
        Reduce(one, operation);
        return one.item<long>();
    }

    public override void Barrier() => AllReduce(0, ReduceOperation.Max);

    public override void Abort(int code)
    {
        Dispose();
        Environment.Exit(code);
    }

    public override void Dispose()
    {
        foreach (var peer in _peers)
            peer?.Dispose();
    }

    protected override void Reduce(Tensor piece, ReduceOperation operation)
    {
        _call++;
        if (Rank != 0)
        {
            Send(0, piece.bytes);
            Receive(0, piece.bytes);
            return;
        }
        using var noGrad = no_grad();
        using var other = empty_like(piece);
        foreach (var rank in Others)
        {
            Receive(rank, other.bytes);
            if (operation == ReduceOperation.Sum)
                piece.add_(other, alpha: 1);
            else
                MaximumInPlace(piece, other);
        }
        foreach (var rank in Others)
            Send(rank, piece.bytes);
    }

    protected override void Broadcast(Span<byte> piece)
    {
        _call++;
        if (Rank != 0)
            Receive(0, piece);
        else
            foreach (var rank in Others)
                Send(rank, piece);
    }

    protected override void AllGather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        _call++;
        if (Rank != 0)
        {
            Send(0, own);
            Receive(0, all);
            return;
        }
        own.CopyTo(all);
        foreach (var rank in Others)
            Receive(rank, all.Slice(rank * own.Length, own.Length));
        foreach (var rank in Others)
            Send(rank, all);
    }

    protected override void ReduceScatter(Tensor piece, Tensor own)
    {
        using var sum = piece.clone();
        Reduce(sum, ReduceOperation.Sum);
        using var row = sum[Rank];
        own.copy_(row);
    }

    private IEnumerable<int> Others => Enumerable.Range(1, WorldSize - 1);

    private static void MaximumInPlace(Tensor piece, Tensor other)
    {
        using var largest = maximum(piece, other);
        piece.copy_(largest);
    }

    private static NetworkStream?[] Accept(int worldSize, string host, int port, TimeSpan timeout)
    {
        var peers = new NetworkStream?[worldSize];
        var clock = Stopwatch.StartNew();
        using var listener = new TcpListener(IsThisMachine(host) ? IPAddress.Loopback : IPAddress.Any, port);
        listener.Start(worldSize);
        for (var missing = worldSize - 1; missing > 0;)
        {
            var left = timeout - clock.Elapsed;
            if (left <= TimeSpan.Zero || !listener.Server.Poll(left, SelectMode.SelectRead))
            {
                var came = Enumerable.Range(0, worldSize).Where(rank => rank == 0 || peers[rank] is not null);
                throw new TimeoutException(FormattableString.Invariant(
                    $"Of {worldSize} processes only those with rank {string.Join(", ", came)} came to {host}:{port} within {timeout.TotalSeconds:0} s. Start the others, or give them more time (TrainingArguments.DdpTimeout)."));
            }
            var peer = new NetworkStream(listener.AcceptSocket(), ownsSocket: true);
            if (Greeted(peer, left) is not { } greeting)
            {
                peer.Dispose();
                continue;
            }
            if (greeting.WorldSize != worldSize || greeting.Rank is < 1 || greeting.Rank >= worldSize || peers[greeting.Rank] is not null)
                throw new InvalidOperationException(
                    $"A process with rank {greeting.Rank} of {greeting.WorldSize} came to {host}:{port}, where rank 0 of {worldSize} waits for {missing} more; ranks should be there once each. Does another run use this port (MASTER_PORT)?");
            (peers[greeting.Rank], missing) = (peer, missing - 1);
        }
        return peers;
    }

    private static bool IsThisMachine(string host) => host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);

    // Null for what is no process of a training run.
    private static (int Rank, int WorldSize)? Greeted(NetworkStream peer, TimeSpan timeout)
    {
        Span<byte> greeting = stackalloc byte[GreetingBytes];
        peer.ReadTimeout = (int)Math.Min(timeout.TotalMilliseconds + 1, _greetingTime.TotalMilliseconds);
        try
        {
            peer.ReadExactly(greeting);
        }
        catch (IOException)
        {
            return null;
        }
        return BinaryPrimitives.ReadInt64LittleEndian(greeting) == Greeting
            ? (BinaryPrimitives.ReadInt32LittleEndian(greeting[8..]), BinaryPrimitives.ReadInt32LittleEndian(greeting[12..]))
            : null;
    }

    private static NetworkStream?[] Reach(int rank, int worldSize, string host, int port, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var client = new TcpClient();
            try
            {
                client.Connect(host, port);
                var peers = new NetworkStream?[worldSize];
                peers[0] = client.GetStream();
                Span<byte> greeting = stackalloc byte[GreetingBytes];
                BinaryPrimitives.WriteInt64LittleEndian(greeting, Greeting);
                BinaryPrimitives.WriteInt32LittleEndian(greeting[8..], rank);
                BinaryPrimitives.WriteInt32LittleEndian(greeting[12..], worldSize);
                peers[0]!.Write(greeting);
                return peers;
            }
            catch (SocketException failure)
            {
                client.Dispose();
                if (clock.Elapsed > timeout)
                    throw new TimeoutException(FormattableString.Invariant(
                        $"Rank {rank} of {worldSize} did not reach rank 0 at {host}:{port} within {timeout.TotalSeconds:0} s: {failure.Message}. Start rank 0, or correct MASTER_ADDR and MASTER_PORT."), failure);
                Thread.Sleep(_retry);
            }
        }
    }

    private void Send(int rank, ReadOnlySpan<byte> bytes)
    {
        try
        {
            WriteHeader(rank, _call, bytes.Length);
            _peers[rank]!.Write(bytes);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            throw HasEnded(rank, failure);
        }
    }

    private void Receive(int rank, Span<byte> bytes)
    {
        Span<long> header = stackalloc long[2];
        try
        {
            _peers[rank]!.ReadExactly(MemoryMarshal.AsBytes(header));
            if (header[0] == _call && header[1] == bytes.Length)
            {
                _peers[rank]!.ReadExactly(bytes);
                return;
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            throw HasEnded(rank, failure);
        }
        if (header[0] == Lost)
            throw HasEnded((int)header[1], null);
        throw new InvalidOperationException(
            $"Rank {rank} exchanges {header[1]:N0} bytes in its call {header[0]:N0}, and rank {Rank} {bytes.Length:N0} bytes in its call {_call:N0}; all processes should make the same calls, with the same model, arguments and callbacks.");
    }

    private void WriteHeader(int rank, long call, long length)
    {
        Span<long> header = [call, length];
        _peers[rank]!.Write(MemoryMarshal.AsBytes(header));
    }

    // The first process tells the others.
    private IOException HasEnded(int lost, Exception? failure)
    {
        if (Rank == 0)
            foreach (var rank in Others.Where(rank => rank != lost))
                try
                {
                    WriteHeader(rank, Lost, lost);
                }
                catch (IOException)
                {
                    // It has ended too.
                }
        Dispose();
        var isSilent = failure?.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };
        return new IOException($"Rank {lost} {(isSilent ? "does not answer" : "has ended")}, and rank {Rank} cannot go on without it; its own output says why.", failure);
    }
}
