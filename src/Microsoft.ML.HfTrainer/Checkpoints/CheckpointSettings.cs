namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The settings of the folder that a run writes its checkpoints to.</summary>
internal sealed record CheckpointSettings
{
    /// <summary>The folder; null to write no checkpoints.</summary>
    public string? OutputDir { get; init; }

    /// <summary>The number of checkpoints to keep; null to keep all.</summary>
    public int? SaveTotalLimit { get; init; }

    /// <summary>true to keep the best checkpoint until the end of the run, in a temporary folder if there is no <see cref="OutputDir"/>.</summary>
    public bool LoadBestModelAtEnd { get; init; }

    /// <summary>true to train on if a checkpoint cannot be written.</summary>
    public bool ContinueOnSaveFailure { get; init; }
}
