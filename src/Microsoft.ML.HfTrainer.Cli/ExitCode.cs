namespace Microsoft.ML.HfTrainer.Cli;

/// <summary>What a script may rely on.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command was understood and failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;
}
