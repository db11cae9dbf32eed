namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>How a program ended and what it wrote.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public CommandResult Succeeded()
    {
        Assert.AreEqual(0, ExitCode, $"{Output}\n{Error}");
        return this;
    }
}
