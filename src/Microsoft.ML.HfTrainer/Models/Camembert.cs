namespace Microsoft.ML.HfTrainer.Models;

/// <summary>CamemBERT (Martin et al. 2019, arXiv:1911.03894): RoBERTa trained on French.</summary>
internal static class Camembert
{
    public static readonly Architecture Registration = Roberta.Of("camembert", "Camembert", vocabulary: 30522);
}
