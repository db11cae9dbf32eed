namespace Microsoft.ML.HfTrainer.Models;

/// <summary>mBART (Liu et al. 2020, arXiv:2001.08210): multilingual pre-norm BART whose decoder starts with the token of the target language.</summary>
internal static class MBart
{
    public static readonly Architecture Registration = Bart.Make("mbart", "MBart", new BartStyle
    {
        Tokens = """ "vocab_size": 50265, "pad_token_id": 1, "eos_token_id": 2 """,
        PreNorm = true,
        StartsWithLanguage = true,
    });
}
