using Microsoft.ML.Data;

/// <summary>A text of the workshop.</summary>
internal class Text
{
    [LoadColumn(0)]
    public string Words { get; set; } = "";
}

/// <summary>A complaint, and the part of the bicycle that it is about: brakes, wheels or drive.</summary>
internal sealed class Complaint : Text
{
    [LoadColumn(1)]
    public string Label { get; set; } = "";
}

/// <summary>The most probable words for the masks of a text.</summary>
internal sealed class Filled
{
    public string[] PredictedToken { get; set; } = [];
}
