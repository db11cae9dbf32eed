using System.Diagnostics;
using System.Net;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>Downloads one file: resumes after interruptions, and compares the content with its hash.</summary>
/// <param name="client">Opens the file.</param>
/// <param name="path">Its path in the repository.</param>
/// <param name="file">Its metadata.</param>
/// <param name="settings">The timeouts and retries.</param>
/// <param name="report">Receives the number of bytes received and the size.</param>
internal sealed class Transfer(HubClient client, string path, HubFile file, HubSettings settings, Action<long, long?> report)
{
    private const int Tries = 5, BufferSize = 1 << 18;

    private static readonly TimeSpan _reportEvery = TimeSpan.FromMilliseconds(100);

    private long? _size = file.Size;

    /// <summary>Writes the content into an empty file.</summary>
    /// <exception cref="HubException">It cannot be had whole, or is not what was announced.</exception>
    public async Task Into(FileStream target, CancellationToken cancellation)
    {
        await Receive(target, cancellation);
        if (IsRight(target, out _))
            return;
        // Damage on the way may be chance, once.
        target.SetLength(0);
        await Receive(target, cancellation);
        if (!IsRight(target, out var found))
            throw client.Errors.Different(path, $"the hash {found}", file.ETag);
    }

    private bool IsRight(FileStream target, out string? found)
    {
        found = ContentHash.Mismatch(target, file.ETag);
        return found is null;
    }

    private async Task Receive(FileStream target, CancellationToken cancellation)
    {
        var (furthest, idle) = (0L, 0);
        while (true)
        {
            Exception? failure = null;
            try
            {
                if (await ReceiveRest(target, cancellation))
                    return;
            }
            catch (Interruption broken)
            {
                failure = broken.InnerException;
            }
            idle = target.Length > furthest ? 1 : idle + 1;
            furthest = Math.Max(furthest, target.Length);
            if (idle >= Tries)
                throw client.Errors.Broken(path, target.Length, _size, idle, failure);
            await Task.Delay(settings.RetryDelay, cancellation);
        }
    }

    // False where the content ended too early.
    private async Task<bool> ReceiveRest(FileStream target, CancellationToken cancellation)
    {
        if (target.Length > 0 && target.Length == _size)
            return true;
        using var response = await client.Open(file.Commit, path, target.Length, cancellation);
        if (!GoesOnFrom(target.Length, response))
            target.SetLength(0);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return false;
        target.Position = target.Length;
        _size ??= target.Length + response.Content.Headers.ContentLength;
        using var content = await response.Content.ReadAsStreamAsync(cancellation);
        await Copy(content, target, cancellation);
        return _size is null || target.Length == _size;
    }

    // Some servers give the whole file where a part is asked for.
    private static bool GoesOnFrom(long position, HttpResponseMessage response) =>
        position == 0 || (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == position);

    private async Task Copy(Stream content, FileStream target, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSize];
        var reported = Stopwatch.GetTimestamp();
        report(target.Length, _size);
        while (await Read(content, buffer, cancellation) is > 0 and var count)
        {
            if (target.Length + count > _size)
                throw client.Errors.Different(path, FormattableString.Invariant($"more than {target.Length:N0} bytes"), FormattableString.Invariant($"{_size:N0}"));
            if (_size is null && target.Length + count > settings.MaxUnannouncedSize)
                throw client.Errors.TooLarge(path, settings.MaxUnannouncedSize);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
            if (Stopwatch.GetElapsedTime(reported) < _reportEvery)
                continue;
            report(target.Length, _size);
            reported = Stopwatch.GetTimestamp();
        }
        report(target.Length, _size);
    }

    // Only what the network does is worth another try: a full disk is not.
    private async Task<int> Read(Stream content, byte[] buffer, CancellationToken cancellation)
    {
        using var still = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        still.CancelAfter(settings.DownloadTimeout);
        try
        {
            return await content.ReadAsync(buffer, still.Token);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new Interruption(failure);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new Interruption(new TimeoutException(FormattableString.Invariant($"nothing came for {settings.DownloadTimeout.TotalSeconds:G3} s.")));
        }
    }

    private sealed class Interruption(Exception failure) : Exception(failure.Message, failure);
}
