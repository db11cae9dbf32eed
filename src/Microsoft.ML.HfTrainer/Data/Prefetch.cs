using System.Threading.Channels;

namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Executes functions on other threads and returns their results in order, so that waiting for a source that stalls can be canceled.</summary>
internal static class Prefetch
{
    // What still runs when the enumeration ends, or is canceled, gets this long; what stalls ends on its own thread, whenever it does.
    private static readonly TimeSpan _graceAtEnd = TimeSpan.FromSeconds(2), _graceOfCancellation = TimeSpan.FromSeconds(0.5);

    /// <summary>Returns the results in the order of the functions. Results that were never consumed are disposed when the enumeration ends.</summary>
    /// <param name="work">Returns the functions, given a token that is canceled when the enumeration ends; a separate thread enumerates them as results are consumed.</param>
    /// <param name="workers">The maximum number of functions that run concurrently.</param>
    /// <param name="ahead">The maximum number of results that wait to be consumed; 0 to execute each function when its result is requested.</param>
    /// <param name="cancellation">A token that cancels waiting for a result.</param>
    public static IEnumerable<T> InOrder<T>(Func<CancellationToken, IEnumerable<Func<T>>> work, int workers, int ahead, CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (stopped, room) = (stop.Token, new SemaphoreSlim(ahead));
        var line = Channel.CreateUnbounded<Task<T>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var feeder = Task.Factory.StartNew(() => Feed(work, workers, room, line.Writer, stopped), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task<T>? next = null;
        try
        {
            while (HasNext(line.Reader, room, cancellation) && line.Reader.TryRead(out next))
            {
                var result = next.WaitAsync(cancellation).GetAwaiter().GetResult();
                next = null;
                yield return result;
            }
        }
        finally
        {
            var grace = cancellation.IsCancellationRequested ? _graceOfCancellation : _graceAtEnd;
            stop.Cancel();
            var rest = next;
            feeder.ContinueWith(_ => DiscardRest(line.Reader, rest), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Wait(grace, CancellationToken.None);
        }
    }

    // The end of the enumeration, or its exception, is reported after the results of all functions before it.
    private static void Feed<T>(Func<CancellationToken, IEnumerable<Func<T>>> work, int workers, SemaphoreSlim room, ChannelWriter<Task<T>> line, CancellationToken stop)
    {
        Exception? fault = null;
        try
        {
            var scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, workers).ConcurrentScheduler;
            room.Wait(stop);
            using var items = work(stop).GetEnumerator();
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

    private static bool HasNext<T>(ChannelReader<Task<T>> line, SemaphoreSlim room, CancellationToken cancellation)
    {
        room.Release();
        return line.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult();
    }

    private static void DiscardRest<T>(ChannelReader<Task<T>> line, Task<T>? next)
    {
        for (; next is not null || line.TryRead(out next); next = null)
            Discard(next);
    }

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
