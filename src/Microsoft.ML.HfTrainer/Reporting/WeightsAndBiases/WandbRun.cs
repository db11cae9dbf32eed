using System.Globalization;
using System.Security.Cryptography;
using Values = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Microsoft.ML.HfTrainer.Reporting.WeightsAndBiases;

/// <summary>
/// A run in its transaction log, in a folder that <c>wandb sync</c> uploads. The run ends by <see cref="Finish"/>, or when the process does: with its exit code, or as failed
/// if an exception ends it. A process that is killed leaves a log without an end, which is uploaded as failed.
/// </summary>
internal sealed class WandbRun
{
    /// <summary>The exit code of a run that an exception ended, and that of one that was interrupted.</summary>
    public const int Failed = 1, Interrupted = 255;

    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly TransactionLog _log;
    private ulong _records;
    private int _rows;
    private bool _isFinished;

    /// <summary>Begins a run.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="config">The settings of the training, by name.</param>
    /// <param name="axis">The metric that all others are drawn over.</param>
    public WandbRun(WandbSettings settings, Values config, string axis)
    {
        var id = settings.RunId ?? RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8);
        var folder = $"offline-run-{_start.ToLocalTime().ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture)}-{id}";
        _log = new TransactionLog(Path.Combine(settings.Folder, "wandb", folder, $"run-{id}.wandb"));
        AppDomain.CurrentDomain.UnhandledException += FinishFailed;
        AppDomain.CurrentDomain.ProcessExit += FinishWithProcess;
        Write([WandbRecord.Header(), WandbRecord.Run(settings, id, _start, config), .. WandbRecord.Axis(axis)]);
    }

    /// <summary>The transaction log.</summary>
    public string LogFile => _log.Path;

    private double Elapsed => (DateTimeOffset.UtcNow - _start).TotalSeconds;

    /// <summary>Adds a row to the history; its values become those of the summary.</summary>
    public void AddRow(Values values)
    {
        var step = _rows++;
        Values row =
        [
            .. values, new("_step", Json(step)), new("_runtime", Json(Elapsed)), new("_timestamp", Json((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds)),
        ];
        Write(WandbRecord.History(row, step), WandbRecord.Summary(row), WandbRecord.Runtime((int)Elapsed));
    }

    /// <summary>Sets values of the summary alone.</summary>
    public void Summarize(Values values) => Write(WandbRecord.Summary(values));

    /// <summary>Ends the run as failed, with the exception in its console log.</summary>
    public void Fail(Exception failure)
    {
        if (!_isFinished)
            Write(WandbRecord.Error(failure + "\n", DateTimeOffset.UtcNow));
        Finish(failure is OperationCanceledException ? Interrupted : Failed);
    }

    /// <summary>Ends the run; nothing happens if it has ended before.</summary>
    public void Finish(int exitCode)
    {
        if (_isFinished)
            return;
        _isFinished = true;
        AppDomain.CurrentDomain.UnhandledException -= FinishFailed;
        AppDomain.CurrentDomain.ProcessExit -= FinishWithProcess;
        Write(WandbRecord.Runtime((int)Elapsed), WandbRecord.Exit(exitCode, (int)Elapsed));
    }

    /// <summary>A number as JSON as Python writes it: with NaN and the infinities as bare words.</summary>
    public static string Json(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private void Write(params IEnumerable<WandbRecord> records)
    {
        foreach (var record in records)
            _log.Append(record.Numbered(++_records).Bytes);
    }

    private void FinishFailed(object sender, UnhandledExceptionEventArgs e) => AtTheEnd(() => Fail((Exception)e.ExceptionObject));

    private void FinishWithProcess(object? sender, EventArgs e) => AtTheEnd(() => Finish(Environment.ExitCode));

    // An exception here would replace the one that ends the process.
    private static void AtTheEnd(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The end of the run could not be written to its Weights & Biases log: {failure.Message}");
        }
    }
}
