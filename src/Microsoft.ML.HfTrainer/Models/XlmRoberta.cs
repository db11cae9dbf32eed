namespace Microsoft.ML.HfTrainer.Models;

/// <summary>XLM-RoBERTa (Conneau et al. 2019, arXiv:1911.02116): RoBERTa trained on a hundred languages.</summary>
internal static class XlmRoberta
{
    public static readonly Architecture Registration = Roberta.Of("xlm-roberta", "XLMRoberta", vocabulary: 30522);
}
