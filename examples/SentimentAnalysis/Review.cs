using Microsoft.ML.Data;

namespace SentimentAnalysis;

/// <summary>A row of the data.</summary>
internal sealed class Review
{
    [LoadColumn(0)]
    public string Text { get; set; } = "";

    [LoadColumn(1)]
    public string Label { get; set; } = "";
}

/// <summary>The prediction for a review.</summary>
internal sealed class Prediction
{
    /// <summary>The predicted label: 0 (negative) or 1 (positive).</summary>
    public string Sentiment { get; set; } = "";

    /// <summary>The probability of each label.</summary>
    public float[] Score { get; set; } = [];
}
