using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>A row of training data.</summary>
internal sealed class Review
{
    public string? Text { get; set; }

    public string Label { get; set; } = "";

    public float Weight { get; set; }

    [VectorType(2)]
    public float[] Pixels { get; set; } = [0, 0];

    private static readonly (string Text, string Label)[] _some =
    [
        ("a great film with a lovely cast", "positive"), ("awful soup", "negative"), ("the room was clean and the bed warm", "positive"),
        ("we never like this shop, the staff is slow and the price too bad !", "negative"), ("best book of the day", "positive"),
        ("dull plot", "negative"), ("i love it", "positive"), ("the phone is a poor buy, the screen was dark and the sound awful", "negative"),
    ];

    /// <summary>Rows whose texts differ in length; half positive.</summary>
    public static List<Review> Some(int count = 8) => [.. Enumerable.Range(0, count).Select(i => new Review
    {
        Text = string.Join(" ", Enumerable.Repeat(_some[i % 8].Text, 1 + i / 8 % 3)),
        Label = _some[i % 8].Label,
        Weight = i,
        Pixels = [i, -i],
    })];
}

/// <summary>A row with predictions.</summary>
internal sealed class Verdict
{
    public string? Text { get; set; }

    public float Weight { get; set; }

    [VectorType(2)]
    public float[] Pixels { get; set; } = [];

    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
