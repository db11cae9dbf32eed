using System.Text;
using Microsoft.ML.HfTrainer.Reporting;
using Spectre.Console;

namespace Microsoft.ML.HfTrainer.Tests.Reporting;

[TestClass]
public sealed class LinesAboveTests
{
    private const int Hang = 60_000;

    [TestMethod]
    [Timeout(Hang)]
    public void Whoever_writes_does_not_wait_for_a_console_that_draws()
    {
        using var drawn = new ManualResetEventSlim();
        var screen = new SlowScreen(drawn);
        var lines = new LinesAbove(Console(screen), TextWriter.Null);
        lines.WriteLine("one");
        lines.Write("two");
        drawn.Set();
        lines.End();
        Assert.AreEqual("one\ntwo\n", screen.ToString().ReplaceLineEndings("\n"));
    }

    [TestMethod]
    public void Lines_are_whole_and_in_order()
    {
        var (screen, before) = (new StringWriter(), new StringWriter());
        var lines = new LinesAbove(Console(screen), before);
        lines.Write("a");
        lines.Write('b');
        lines.WriteLine();
        lines.Write("c\r\nd");
        lines.WriteLine("e");
        lines.Write("no end");
        lines.End();
        lines.Write("after");
        Assert.AreEqual("ab\nc\nde\nno end\n", screen.ToString().ReplaceLineEndings("\n"));
        Assert.AreEqual("after", before.ToString());
    }

    private static IAnsiConsole Console(TextWriter screen) => AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(screen) });

    private sealed class SlowScreen(ManualResetEventSlim drawn) : StringWriter
    {
        public override void Write(string? value)
        {
            drawn.Wait();
            base.Write(value);
        }

        public override Encoding Encoding => Encoding.UTF8;
    }
}
