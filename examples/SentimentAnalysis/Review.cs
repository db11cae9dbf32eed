using Microsoft.ML.Data;

namespace SentimentAnalysis;

/// <summary>A line of the data.</summary>
internal sealed class Review
{
    [LoadColumn(0)]
    public string Text { get; set; } = "";

    [LoadColumn(1)]
    public string Label { get; set; } = "";
}

/// <summary>What the pipeline says of a review.</summary>
internal sealed class Prediction
{
    /// <summary>The label it predicts: 0 (negative) or 1 (positive).</summary>
    public string Sentiment { get; set; } = "";

    /// <summary>The probability of each label.</summary>
    public float[] Score { get; set; } = [];
}
