namespace Microsoft.ML.HfTrainer.Metrics.Text;

/// <summary>Checks the arguments of text metrics.</summary>
internal static class TextReferences
{
    public static void Require(string prediction, IReadOnlyList<string> references, string metric)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(references);
        RequireTexts(references, metric);
        if (references.Count == 0)
            throw new ArgumentException($"{metric} needs one reference or more for each text; there is none for '{(prediction.Length > 60 ? prediction[..60] + "..." : prediction)}'.", nameof(references));
    }

    /// <summary>Throws if a reference is null.</summary>
    public static void RequireTexts(IReadOnlyList<string> references, string metric)
    {
        for (var i = 0; i < references.Count; i++)
            if (references[i] is null)
                throw new ArgumentException($"{metric}: reference {i} of {references.Count} is null; a text without words is an empty string.", nameof(references));
    }
}
