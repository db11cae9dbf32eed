using System.Globalization;

namespace Microsoft.ML.HfTrainer.Hub;

/// <summary>One line on a terminal that says how far the downloads of a repository are.</summary>
/// <param name="output">The terminal.</param>
/// <param name="columns">Its width.</param>
internal sealed class DownloadLine(TextWriter output, int columns) : IProgress<DownloadProgress>, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DownloadProgress> _files = [];
    private int _shown;

    /// <summary>The line on standard error, where both outputs are a terminal's; else null.</summary>
    public static DownloadLine? OnTerminal() => Console.IsErrorRedirected || Console.IsOutputRedirected ? null : new DownloadLine(Console.Error, Math.Max(20, Console.WindowWidth));

    public void Report(DownloadProgress value)
    {
        lock (_lock)
        {
            _files[value.File] = value;
            var (received, size) = (_files.Values.Sum(f => f.Received), _files.Values.Sum(f => f.Size));
            var what = _files.Count == 1 ? value.File : $"{_files.Count} files";
            Show(string.Create(CultureInfo.InvariantCulture, $"{value.Repository}: {what}, {received / 1e6:F1} of {size / 1e6:F1} MB"));
        }
    }

    /// <summary>Ends the line.</summary>
    public void Dispose()
    {
        if (_shown > 0)
            output.WriteLine();
    }

    private void Show(string text)
    {
        var line = text.Length < columns ? text : text[..(columns - 1)];
        output.Write('\r' + line.PadRight(_shown));
        _shown = line.Length;
    }
}
