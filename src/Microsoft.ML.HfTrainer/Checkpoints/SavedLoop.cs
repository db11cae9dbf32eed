using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The state of the training loop that Hugging Face's files have no place for.</summary>
/// <param name="Random">The state of the random number generators.</param>
/// <param name="EpochStart">Their state at the beginning of the current epoch; null between epochs.</param>
/// <param name="Collator">The state of the collator's own random number generator; null if it has none.</param>
internal sealed record SavedLoop(GeneratorStates Random, GeneratorStates? EpochStart, byte[]? Collator = null)
{
    /// <summary>The sum of the losses since the last log.</summary>
    public double LossSum { get; init; }

    /// <summary>The update of the last log; null if it is that of the checkpoint.</summary>
    public int? LastLogged { get; init; }

    /// <summary>The gradient norm of the last update.</summary>
    public double GradientNorm { get; init; }

    /// <summary>The learning rate of the last update.</summary>
    public double LearningRate { get; init; }

    /// <summary>The position of the next update; null if the checkpoint does not say.</summary>
    public LoopPosition? Position { get; init; }

    /// <summary>true if a callback has ended the epoch, and the actions at its end are not done yet.</summary>
    public bool IsEpochStopped { get; init; }

    /// <summary>true if the log record that was due after the last update is not written yet.</summary>
    public bool IsLogPending { get; init; }

    /// <summary>true if the evaluation that was due after the last update was interrupted.</summary>
    public bool IsEvaluationPending { get; init; }
}

/// <summary>A position in the data.</summary>
/// <param name="Epoch">The epoch, or the pass over a stream, from 0.</param>
/// <param name="Update">The number of updates made in it.</param>
/// <param name="UpdatesPerEpoch">The number of updates per epoch; positions in runs with another number are not comparable.</param>
internal readonly record struct LoopPosition(int Epoch, int Update, int UpdatesPerEpoch);
