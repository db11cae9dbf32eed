using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>PEGASUS (Zhang et al. 2019, arXiv:1912.08777): pre-norm BART with sinusoidal positions, made for summarization.</summary>
internal static class Pegasus
{
    public static readonly Architecture Registration = Bart.Make("pegasus", "Pegasus", new BartStyle
    {
        Tokens = """ "vocab_size": 50265, "pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0 """,
        PreNorm = true,
        NormsEmbeddings = false,
        Positions = (count, size) => new SinusoidalPositions(count, size, saved: true, optional: false),
        PositionOffset = 0,
        HasSourceHeads = false,
    });
}
