using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tagging;

/// <summary>What token classification knows of its columns and windows.</summary>
internal sealed record TaggingSettings
{
    /// <summary>The prefix of the token columns.</summary>
    public required string TokenPrefix { get; init; }

    /// <summary>The name of the column that was tokenized.</summary>
    public required string Text { get; init; }

    /// <summary>true if labels are tags of words, false if they are entities with their place.</summary>
    public required bool AreWords { get; init; }

    /// <summary>true if the place of an entity is counted in characters of the text, false if in words.</summary>
    public required bool InCharacters { get; init; }

    /// <summary>true if a word outside of entities has a missing key in place of a class of its own.</summary>
    public bool OutsideIsMissing { get; init; }

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

    /// <summary>Returns the tags of the model for the classes of the label.</summary>
    public string[] TagsOf(IEnumerable<string> classes) => OutsideIsMissing ? [TagScheme.Outside, .. classes] : [.. classes];

    /// <summary>Returns the key of a tag of the model; 0, a missing key, for a word without a tag.</summary>
    public uint KeyOf(int tag) => (uint)(OutsideIsMissing ? Math.Max(tag, 0) : tag + 1);

    public void Write(ArchiveWriter archive)
    {
        foreach (var text in new[] { TokenPrefix, Text, PredictedLabel, Score, EntityPrefix })
            archive.Write(text);
        foreach (var number in new[] { AreWords ? 1 : 0, (int)WordLabels, WindowLength, Stride, (int)Strategy, InCharacters ? 1 : 0, OutsideIsMissing ? 1 : 0 })
            archive.Write(number);
    }

    public static TaggingSettings Read(ArchiveReader archive)
    {
        var settings = ReadFirst(archive);
        return archive.Version == 1
            ? settings with { InCharacters = !settings.AreWords }
            : settings with { InCharacters = archive.ReadInt() == 1, OutsideIsMissing = archive.ReadInt() == 1 };
    }

    // What the first version has.
    private static TaggingSettings ReadFirst(ArchiveReader archive) => new()
    {
        TokenPrefix = archive.ReadText() ?? "",
        Text = archive.ReadName(),
        PredictedLabel = archive.ReadName(),
        Score = archive.ReadName(),
        EntityPrefix = archive.ReadName(),
        AreWords = archive.ReadInt() == 1,
        InCharacters = false,
        WordLabels = (WordLabels)archive.ReadInt(),
        WindowLength = archive.ReadInt(),
        Stride = archive.ReadInt(),
        Strategy = (AggregationStrategy)archive.ReadInt(),
    };
}
