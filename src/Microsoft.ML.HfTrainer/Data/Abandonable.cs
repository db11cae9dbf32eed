namespace Microsoft.ML.HfTrainer.Data;

/// <summary>Runs a function that may stall, such as reading from a slow source, so that waiting for it can be canceled.</summary>
internal static class Abandonable
{
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(0.2);

    /// <summary>Runs a function on a thread of its own and returns its result. If waiting is canceled, the result is disposed once it is there.</summary>
    /// <param name="work">The function.</param>
    /// <param name="checkAlive">Throws if the wait is to end; called several times a second.</param>
    /// <param name="cancellation">A token that cancels the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public static T Run<T>(Func<T> work, Action checkAlive, CancellationToken cancellation) where T : IDisposable
    {
        var running = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            while (Task.WaitAny([running], (int)_pace.TotalMilliseconds, cancellation) < 0)
                checkAlive();
        }
        catch
        {
            running.ContinueWith(Discard, TaskScheduler.Default);
            throw;
        }
        return running.GetAwaiter().GetResult();
    }

    private static void Discard<T>(Task<T> ended) where T : IDisposable
    {
        // The failure of what nobody waits for concerns nobody.
        if (ended.Exception is null)
            ended.Result.Dispose();
    }
}
