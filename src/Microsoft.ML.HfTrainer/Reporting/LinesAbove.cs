using System.Collections.Concurrent;
using System.Text;
using Spectre.Console;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>
/// Takes the place of <see cref="Console.Out"/> while a console shows bars: whole lines are written above the bars, which the console draws again below. After <see cref="End"/>,
/// everything goes to the writer that was there before.
/// </summary>
/// <remarks>
/// A thread that writes to <see cref="Console"/> holds a lock that the console also takes while it draws. A separate thread therefore passes the lines on, so that neither waits for the
/// other.
/// </remarks>
internal sealed class LinesAbove : TextWriter
{
    private readonly TextWriter _before;
    private readonly BlockingCollection<string> _lines = [];
    private readonly StringBuilder _line = new();
    private readonly Task _passing;
    private bool _ended;

    /// <param name="console">The console that shows bars.</param>
    /// <param name="before">The writer whose place it takes.</param>
    public LinesAbove(IAnsiConsole console, TextWriter before)
    {
        _before = before;
        _passing = Task.Factory.StartNew(() =>
        {
            foreach (var line in _lines.GetConsumingEnumerable())
                console.WriteLine(line);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public override Encoding Encoding => _before.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        // Lines of several threads do not mix.
        lock (_line)
        {
            if (_ended)
            {
                _before.Write(value);
                return;
            }
            foreach (var part in value ?? "")
                if (part == '\n')
                    Pass();
                else if (part != '\r')
                    _line.Append(part);
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine() => Write("\n");

    public override void Flush()
    {
        if (_ended)
            _before.Flush();
    }

    /// <summary>Waits until all lines are written, the last one even if it has no end.</summary>
    public void End()
    {
        lock (_line)
        {
            if (_line.Length > 0)
                Pass();
            _ended = true;
            _lines.CompleteAdding();
        }
        // A closed terminal must not fail the run: its exception stays in the task.
        Task.WaitAny(_passing);
        _lines.Dispose();
    }

    private void Pass()
    {
        _lines.Add(_line.ToString());
        _line.Clear();
    }
}
