using System.Text.Json.Serialization;

namespace WebApi;

/// <summary>A request, and a row of the model's input.</summary>
public sealed class Review
{
    public string Text { get; set; } = "";

    /// <summary>The label column of the training data. The pipeline needs the column; its value does not matter in predictions.</summary>
    [JsonIgnore]
    public string Label { get; set; } = "";
}

/// <summary>A row of the model's output.</summary>
public sealed class Prediction
{
    public string Sentiment { get; set; } = "";

    public float[] Score { get; set; } = [];

    public Answer ToAnswer() => new(Sentiment == "1" ? "positive" : "negative", Score.Max());
}

/// <summary>The answer to a request.</summary>
public sealed record Answer(string Sentiment, float Probability);
