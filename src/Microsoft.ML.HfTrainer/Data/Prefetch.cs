using System.Threading.Channels;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Does work ahead of its use, on several threads, and gives the results in order.</summary>
internal static class Prefetch
{
    /// <summary>The results of the work, in its order. What was made and never taken is disposed when the enumeration ends.</summary>
    /// <param name="work">Is gone through on a thread of its own, one by one, as results are taken.</param>
    /// <param name="workers">How much of it is done at the same time.</param>
    /// <param name="ahead">How many results wait at most.</param>
    /// <param name="cancellation">Ends a wait for a result.</param>
    public static IEnumerable<T> InOrder<T>(IEnumerable<Func<T>> work, int workers, int ahead, CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var room = new SemaphoreSlim(Math.Max(ahead, 1));
        var line = Channel.CreateUnbounded<Task<T>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var feeder = Task.Factory.StartNew(() => Feed(work, workers, room, line.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task<T>? next = null;
        try
        {
            while (HasNext(line.Reader, cancellation) && line.Reader.TryRead(out next))
            {
                var result = next.WaitAsync(cancellation).GetAwaiter().GetResult();
                next = null;
                room.Release();
                yield return result;
            }
        }
        finally
        {
            stop.Cancel();
            feeder.Wait(CancellationToken.None);
            for (; next is not null || line.Reader.TryRead(out next); next = null)
                Discard(next);
        }
    }

    // The end of the work, or what went wrong in going through it, comes after all that was begun before.
    private static void Feed<T>(IEnumerable<Func<T>> work, int workers, SemaphoreSlim room, ChannelWriter<Task<T>> line, CancellationToken stop)
    {
        Exception? fault = null;
        try
        {
            var scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, workers).ConcurrentScheduler;
            using var items = work.GetEnumerator();
            room.Wait(stop);
            while (items.MoveNext())
            {
                line.TryWrite(Task.Factory.StartNew(items.Current, stop, TaskCreationOptions.DenyChildAttach, scheduler));
                room.Wait(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            fault = exception;
        }
        line.Complete(fault);
    }

    private static bool HasNext<T>(ChannelReader<Task<T>> line, CancellationToken cancellation) =>
        line.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult();

    private static void Discard<T>(Task<T> task)
    {
        try
        {
            (task.GetAwaiter().GetResult() as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
            // Nobody takes this result, so nobody hears how it failed.
        }
    }
}
