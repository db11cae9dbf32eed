namespace Microsoft.ML.HfTrainer.Models;

/// <summary>mT5 (Xue et al. 2020, arXiv:2010.11934): T5's version 1.1 for many languages.</summary>
internal static class MT5
{
    public static readonly Architecture Registration = T5.Make("mt5", "MT5", scalesOutput: _ => false, """
        {
          "vocab_size": 250112, "d_model": 512, "d_kv": 64, "d_ff": 1024, "num_layers": 8, "num_heads": 6, "feed_forward_proj": "gated-gelu",
          "pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0
        }
        """);
}
