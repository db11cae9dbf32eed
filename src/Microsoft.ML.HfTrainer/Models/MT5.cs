namespace Microsoft.ML.HfTrainer.Models;

/// <summary>mT5 (Xue et al. 2020, arXiv:2010.11934): T5's version 1.1 for many languages.</summary>
internal static class MT5
{
    public static readonly Architecture Registration = T5.Make("mt5", "MT5", scalesOutput: _ => false);
}
