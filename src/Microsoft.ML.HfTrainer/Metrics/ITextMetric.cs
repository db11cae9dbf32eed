namespace Microsoft.ML.HfTrainer;

/// <summary>A metric that compares texts. With <see cref="DecodedTextMetric"/>, a <see cref="Trainer"/> can compute it.</summary>
public interface ITextMetric : IMetric
{
    /// <summary>Adds one text.</summary>
    /// <param name="prediction">The predicted text.</param>
    /// <param name="references">The reference texts.</param>
    void Add(string prediction, params IReadOnlyList<string> references);
}
