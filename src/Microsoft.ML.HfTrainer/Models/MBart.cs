namespace Microsoft.ML.HfTrainer.Models;

/// <summary>mBART (Liu et al. 2020, arXiv:2001.08210): BART for many languages, with norms before each part of a layer. What it writes begins with its language.</summary>
internal static class MBart
{
    public static readonly Architecture Registration = Bart.Make("mbart", "MBart", new BartStyle { PreNorm = true, BeginsWithLanguage = true });
}
