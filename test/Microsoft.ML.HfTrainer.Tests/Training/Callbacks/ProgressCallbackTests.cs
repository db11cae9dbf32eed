using Spectre.Console;

namespace Microsoft.ML.HfTrainer.Tests.Training.Callbacks;

[TestClass]
public sealed class ProgressCallbackTests
{
    private const string HideCursor = "\u001b[?25l", ShowCursor = "\u001b[?25h";

    private readonly StringWriter _screen = new();
    private readonly IAnsiConsole _console;

    public ProgressCallbackTests()
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_screen) });
        _console.Profile.Width = 200;
    }

    [TestMethod]
    public void The_bar_ends_full_with_the_last_loss_rate_and_speed()
    {
        using var model = TinyBert.Model();
        using var trainer = Make(model);
        trainer.Train();
        StringAssert.Matches(_screen.ToString(), new(@"training, step 3 of 3, epoch 1\.00, loss \d\.\d{4}, rate \S+, \d+ samples/s .*100%"));
        StringAssert.Contains(_screen.ToString(), "eval_loss");
        StringAssert.Contains(_screen.ToString(), "train_loss");
        AssertRestored();
    }

    [TestMethod]
    public void An_evaluation_by_itself_has_a_bar_too()
    {
        using var model = TinyBert.Model();
        using var trainer = Make(model);
        trainer.Evaluate();
        StringAssert.Contains(_screen.ToString(), "evaluation");
        AssertRestored();
    }

    [TestMethod]
    public void An_evaluation_that_fails_gives_the_terminal_back()
    {
        using var model = TinyBert.Model();
        using var trainer = Make(model, new FailingCallback());
        Assert.Throws<Exception>(() => trainer.Evaluate());
        AssertRestored();
    }

    [TestMethod]
    public void A_run_that_fails_gives_the_terminal_back()
    {
        using var model = TinyBert.Model();
        using var trainer = Make(model, new FailingCallback());
        Assert.Throws<Exception>(() => trainer.Train());
        AssertRestored();
    }

    [TestMethod]
    public void A_console_that_draws_something_else_is_left_alone()
    {
        using var model = TinyBert.Model();
        using var trainer = Make(model);
        _console.Status().Start("waiting", _ => Assert.AreEqual(3, trainer.Train().GlobalStep));
        Assert.DoesNotContain("training, step", _screen.ToString());
    }

    [TestMethod]
    public void What_the_application_writes_meanwhile_stands_above_the_bar_line_by_line()
    {
        var (output, own) = (Console.Out, new StringWriter());
        Console.SetOut(own);
        try
        {
            using var model = TinyBert.Model();
            using var trainer = Make(model, new WritingCallback());
            trainer.Train();
            Console.WriteLine("after");
        }
        finally
        {
            Console.SetOut(output);
        }
        Assert.AreEqual("after" + Environment.NewLine, own.ToString());
        var screen = _screen.ToString();
        foreach (var line in new[] { "update 1 of the application", "update 2 of the application", "update 3 of the application", "no end" })
            StringAssert.Contains(screen, line + Environment.NewLine);
    }

    private Trainer Make(PretrainedModel model, params ITrainerCallback[] others)
    {
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, PerDeviceEvalBatchSize = 2, NumTrainEpochs = 1, LoggingSteps = 1, EvalStrategy = IntervalStrategy.Epoch };
        return new Trainer(model, args, TinyBert.Data(12), TinyBert.Data(5), dataCollator: TinyBert.Collator, callbacks: [.. others, new ProgressCallback(_console)]);
    }

    private void AssertRestored()
    {
        var screen = _screen.ToString();
        Assert.Contains(HideCursor, screen);
        Assert.IsGreaterThan(screen.LastIndexOf(HideCursor, StringComparison.Ordinal), screen.LastIndexOf(ShowCursor, StringComparison.Ordinal));
    }

    private sealed class WritingCallback : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context)
        {
            Console.Write($"update {context.State.GlobalStep}");
            Console.WriteLine(" of the application");
        }

        public void OnTrainEnd(CallbackContext context) => Console.Write("no end");
    }

    private sealed class FailingCallback : ITrainerCallback
    {
        private int _batches;

        public void OnStepEnd(CallbackContext context) => throw new NotSupportedException("of no use");

        public void OnPredictionStep(CallbackContext context)
        {
            if (++_batches == 2)
                throw new NotSupportedException("of no use");
        }
    }
}
