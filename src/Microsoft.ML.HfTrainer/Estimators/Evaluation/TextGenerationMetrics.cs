using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>The metrics of generated texts, which <see cref="HfTrainerCatalog.EvaluateTextGeneration"/> computes.</summary>
public sealed class TextGenerationMetrics
{
    internal TextGenerationMetrics(IReadOnlyDictionary<string, double> values) =>
        (Bleu, Chrf, Rouge1, Rouge2, RougeL) = (values["bleu"], values["chrf"], values["rouge1"], values["rouge2"], values["rougeL"]);

    /// <summary>Gets the BLEU over all texts (corpus BLEU), from 0 to 100.</summary>
    public double Bleu { get; }

    /// <summary>Gets the chrF over all texts, from 0 to 100.</summary>
    public double Chrf { get; }

    /// <summary>Gets the mean F1 of the ROUGE-1 of the texts, from 0 to 1.</summary>
    public double Rouge1 { get; }

    /// <summary>Gets the mean F1 of the ROUGE-2 of the texts, from 0 to 1.</summary>
    public double Rouge2 { get; }

    /// <summary>Gets the mean F1 of the ROUGE-L of the texts, from 0 to 1.</summary>
    public double RougeL { get; }

    /// <summary>Returns the metrics on one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"bleu {Bleu:F1}, chrf {Chrf:F1}, rouge1 {Rouge1:F3}, rouge2 {Rouge2:F3}, rougeL {RougeL:F3}");
}
