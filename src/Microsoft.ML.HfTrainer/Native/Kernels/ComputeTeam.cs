using System.Diagnostics;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Native.Kernels;

/// <summary>A computation in parts, which write to different places and may run in any order.</summary>
internal interface IParts
{
    /// <summary>Computes one part.</summary>
    void Run(int part);
}

/// <summary>
/// Runs the parts of a computation on as many threads as libtorch uses. The threads wait for the next computation with their eyes open for a short while, as the operations of a model
/// follow each other within microseconds, and sleep after it. A part belongs to whoever takes it first, so that the caller never waits for a thread that sleeps.
/// </summary>
internal static unsafe class ComputeTeam
{
    private static readonly TimeSpan _awake = TimeSpan.FromMilliseconds(0.2);

    private static readonly Lock _turn = new();
    private static readonly SemaphoreSlim _sleepers = new(0);
    private static int _helpers, _sleeping;

    // What is computed now. The ticket's upper half counts the computations, its lower half is the number of parts that nobody has taken yet.
    private static long _ticket;
    private static delegate*<void*, int, void> _run;
    private static void* _work;
    private static int _unfinished;

    /// <summary>Runs all parts, and returns when they are done.</summary>
    /// <param name="parts">Their number.</param>
    /// <param name="work">The computation.</param>
    public static void Run<T>(int parts, T work) where T : unmanaged, IParts
    {
        var threads = Math.Min(parts, torch.get_num_threads());
        // Where another thread has the team, the cores have work.
        if (threads <= 1 || !_turn.TryEnter())
        {
            for (var part = 0; part < parts; part++)
                work.Run(part);
            return;
        }
        try
        {
            while (_helpers < threads - 1)
                new Thread(Help) { IsBackground = true, Name = $"compute {++_helpers}" }.Start();
            _run = &RunPart<T>;
            _work = &work;
            _unfinished = parts;
            Interlocked.Exchange(ref _ticket, ((_ticket >> 32) + 1 << 32) + parts);
            if (Interlocked.Exchange(ref _sleeping, 0) is > 0 and var sleeping)
                _sleepers.Release(sleeping);
            while (TryRunOne())
            {
            }
            var wait = new SpinWait();
            while (Volatile.Read(ref _unfinished) > 0)
                wait.SpinOnce(sleep1Threshold: -1);
        }
        finally
        {
            _turn.Exit();
        }
    }

    private static void RunPart<T>(void* work, int part) where T : unmanaged, IParts => Unsafe.AsRef<T>(work).Run(part);

    private static bool TryRunOne()
    {
        var ticket = Volatile.Read(ref _ticket);
        var left = (int)(uint)ticket;
        // While a part is left, nobody changes what is computed: it is read before the part is taken.
        var run = _run;
        var work = _work;
        if (left == 0 || Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket)
            return left > 0;
        run(work, left - 1);
        Interlocked.Decrement(ref _unfinished);
        return true;
    }

    private static void Help()
    {
        var idle = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryRunOne())
            {
                idle = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(idle) < _awake)
            {
                Thread.SpinWait(8);
            }
            else
            {
                Interlocked.Increment(ref _sleeping);
                // A computation that began before the thread counted as asleep does not wake it.
                if ((uint)Volatile.Read(ref _ticket) == 0)
                    _sleepers.Wait();
                idle = Stopwatch.GetTimestamp();
            }
        }
    }
}
