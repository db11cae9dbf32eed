namespace Microsoft.ML.HfTrainer;

/// <summary>The streams that a process writes.</summary>
[Flags]
public enum StandardStreams
{
    /// <summary>Neither stream.</summary>
    None = 0,

    /// <summary>Standard output.</summary>
    Output = 1,

    /// <summary>Standard error.</summary>
    Error = 2,

    /// <summary>Both streams.</summary>
    Both = Output | Error,
}
