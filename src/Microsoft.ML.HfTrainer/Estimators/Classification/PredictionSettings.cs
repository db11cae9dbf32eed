using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Classification;

/// <summary>The columns that predictions go to, and what decides them.</summary>
/// <param name="PredictedLabel">The name of the column of predicted labels.</param>
/// <param name="Score">The name of the column of scores.</param>
/// <param name="Probability">The name of the column of probabilities.</param>
/// <param name="Threshold">The probability above which a label is predicted.</param>
internal sealed record PredictionSettings(string PredictedLabel, string Score, string Probability = "Probability", float Threshold = PredictionSettings.DefaultThreshold)
{
    public const float DefaultThreshold = 0.5f;

    /// <summary>The score above which a label is predicted, by the logistic function.</summary>
    public double LeastScore => Math.Log(Threshold / (1 - (double)Threshold));

    public void Write(ArchiveWriter archive)
    {
        archive.Write(PredictedLabel);
        archive.Write(Score);
        archive.Write(Probability);
        archive.Write(BitConverter.SingleToInt32Bits(Threshold));
    }

    /// <summary>Reads the settings; those of the first two versions of the format are two names.</summary>
    public static PredictionSettings Read(ArchiveReader archive) => archive.Version <= 2
        ? new(archive.ReadName(), archive.ReadName())
        : new(archive.ReadName(), archive.ReadName(), archive.ReadName(), BitConverter.Int32BitsToSingle(archive.ReadInt()));
}
