using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tagging;

/// <summary>What token classification knows of its columns and windows.</summary>
internal sealed record TaggingSettings
{
    /// <summary>The prefix of the token columns.</summary>
    public required string TokenPrefix { get; init; }

    /// <summary>The name of the column that was tokenized.</summary>
    public required string Text { get; init; }

    /// <summary>true if it holds words.</summary>
    public required bool AreWords { get; init; }

    /// <summary>The tokens of a word that have its label in training.</summary>
    public required WordLabels WordLabels { get; init; }

    /// <summary>The maximum length of a window, in tokens.</summary>
    public required int WindowLength { get; init; }

    /// <summary>The number of tokens that a window repeats from the one before.</summary>
    public required int Stride { get; init; }

    public required AggregationStrategy Strategy { get; init; }

    public required string PredictedLabel { get; init; }

    public required string Score { get; init; }

    /// <summary>The start of the names of the columns of entities.</summary>
    public required string EntityPrefix { get; init; }

    public void Write(ArchiveWriter archive)
    {
        foreach (var text in new[] { TokenPrefix, Text, PredictedLabel, Score, EntityPrefix })
            archive.Write(text);
        foreach (var number in new[] { AreWords ? 1 : 0, (int)WordLabels, WindowLength, Stride, (int)Strategy })
            archive.Write(number);
    }

    public static TaggingSettings Read(ArchiveReader archive) => new()
    {
        TokenPrefix = archive.ReadText() ?? "",
        Text = archive.ReadName(),
        PredictedLabel = archive.ReadName(),
        Score = archive.ReadName(),
        EntityPrefix = archive.ReadName(),
        AreWords = archive.ReadInt() == 1,
        WordLabels = (WordLabels)archive.ReadInt(),
        WindowLength = archive.ReadInt(),
        Stride = archive.ReadInt(),
        Strategy = (AggregationStrategy)archive.ReadInt(),
    };
}
