namespace Microsoft.ML.HfTrainer;

/// <summary>A metric of texts. <see cref="DecodedTextMetric"/> makes it one that a <see cref="Trainer"/> can compute.</summary>
public interface ITextMetric : IMetric
{
    /// <summary>Adds one text.</summary>
    /// <param name="prediction">The text of the model.</param>
    /// <param name="references">The right texts, of which any will do.</param>
    void Add(string prediction, params IReadOnlyList<string> references);
}
