namespace Microsoft.ML.HfTrainer.Training;

/// <summary>What a checkpoint keeps of the loop besides the original's state.</summary>
/// <param name="Random">Where the random numbers stand.</param>
/// <param name="EpochStart">Where they stood when the running epoch began; null between epochs.</param>
/// <param name="LossSum">The losses since the last log, added up.</param>
/// <param name="LastLogged">The update of the last log; null: that of the checkpoint.</param>
/// <param name="GradientNorm">The norm of the last update's gradients.</param>
/// <param name="LearningRate">The learning rate of the last update.</param>
internal sealed record SavedLoop(byte[] Random, byte[]? EpochStart, double LossSum = 0, double? LastLogged = null, double GradientNorm = 0, double LearningRate = 0);
