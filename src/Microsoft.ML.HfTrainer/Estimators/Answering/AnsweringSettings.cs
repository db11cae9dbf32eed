using System.Globalization;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Answering;

/// <summary>What question answering knows of its columns and windows, and how it chooses answers.</summary>
internal sealed record AnsweringSettings
{
    /// <summary>The prefix of the token columns.</summary>
    public required string TokenPrefix { get; init; }

    /// <summary>The name of the column of contexts.</summary>
    public required string Context { get; init; }

    /// <summary>The maximum length of a window, in tokens.</summary>
    public required int WindowLength { get; init; }

    /// <summary>The number of tokens that a window repeats from the one before.</summary>
    public required int Stride { get; init; }

    /// <summary>The number of answers of a row.</summary>
    public required int TopK { get; init; }

    public required AnswerFinder Finder { get; init; }

    public required string PredictedAnswer { get; init; }

    public required string Score { get; init; }

    public required string AnswerStart { get; init; }

    public required string AnswerEnd { get; init; }

    public void Write(ArchiveWriter archive)
    {
        foreach (var text in new[] { TokenPrefix, Context, PredictedAnswer, Score, AnswerStart, AnswerEnd, Finder.NullScoreDiffThreshold.ToString("R", CultureInfo.InvariantCulture) })
            archive.Write(text);
        foreach (var number in new[] { WindowLength, Stride, TopK, Finder.NBestSize, Finder.MaxAnswerLength, Finder.AllowNoAnswer ? 1 : 0 })
            archive.Write(number);
    }

    public static AnsweringSettings Read(ArchiveReader archive)
    {
        var (prefix, context, answer, score, start, end) =
            (archive.ReadText() ?? "", archive.ReadName(), archive.ReadName(), archive.ReadName(), archive.ReadName(), archive.ReadName());
        var threshold = double.Parse(archive.ReadName(), CultureInfo.InvariantCulture);
        return new()
        {
            TokenPrefix = prefix,
            Context = context,
            PredictedAnswer = answer,
            Score = score,
            AnswerStart = start,
            AnswerEnd = end,
            WindowLength = archive.ReadInt(),
            Stride = archive.ReadInt(),
            TopK = archive.ReadInt(),
            Finder = new() { NBestSize = archive.ReadInt(), MaxAnswerLength = archive.ReadInt(), AllowNoAnswer = archive.ReadInt() == 1, NullScoreDiffThreshold = threshold },
        };
    }
}
