namespace Microsoft.ML.HfTrainer.Metrics.Text;

/// <summary>Checks the arguments of text metrics.</summary>
internal static class TextReferences
{
    public static void Require(string prediction, IReadOnlyList<string> references, string metric)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(references);
        if (references.Count == 0)
            throw new ArgumentException($"{metric} needs one reference or more for each text; there is none for '{(prediction.Length > 60 ? prediction[..60] + "..." : prediction)}'.", nameof(references));
    }
}
