using System.Text;
using Spectre.Console;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>Writes whole lines above the bars of a console, which draws them again below.</summary>
internal sealed class LinesAbove(IAnsiConsole console) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_line)
        {
            if (value == '\n')
                WriteLine();
            else if (value != '\r')
                _line.Append(value);
        }
    }

    public override void Write(string? value)
    {
        // Lines of several threads do not mix.
        lock (_line)
            base.Write(value);
    }

    public override void WriteLine(string? value)
    {
        lock (_line)
        {
            Write(value);
            WriteLine();
        }
    }

    public override void WriteLine()
    {
        lock (_line)
        {
            console.WriteLine(_line.ToString());
            _line.Clear();
        }
    }

    /// <summary>Writes the rest of a line that has no end yet.</summary>
    public override void Flush()
    {
        lock (_line)
            if (_line.Length > 0)
                WriteLine();
    }
}
