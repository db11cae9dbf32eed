using System.Threading.Channels;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Executes functions on several threads in advance and returns their results in order.</summary>
internal static class Prefetch
{
    /// <summary>Returns the results in the order of the functions. Results that were never consumed are disposed when the enumeration ends.</summary>
    /// <param name="work">The functions; a separate thread enumerates them as results are consumed.</param>
    /// <param name="workers">The maximum number of functions that run concurrently.</param>
    /// <param name="ahead">The maximum number of results that wait to be consumed.</param>
    /// <param name="cancellation">A token that cancels waiting for a result.</param>
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

    // The end of the enumeration, or its exception, is reported after the results of all functions before it.
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
            // The result is never consumed, so its failure concerns nobody.
        }
    }
}
