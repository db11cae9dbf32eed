namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The state of the training loop that Hugging Face's files have no place for.</summary>
/// <param name="Random">The state of the random number generators.</param>
/// <param name="EpochStart">Their state at the beginning of the current epoch; null between epochs.</param>
/// <param name="LossSum">The sum of the losses since the last log.</param>
/// <param name="LastLogged">The update of the last log; null if it is that of the checkpoint.</param>
/// <param name="GradientNorm">The gradient norm of the last update.</param>
/// <param name="LearningRate">The learning rate of the last update.</param>
internal sealed record SavedLoop(byte[] Random, byte[]? EpochStart, double LossSum = 0, double? LastLogged = null, double GradientNorm = 0, double LearningRate = 0);
