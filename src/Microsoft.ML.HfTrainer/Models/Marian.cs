using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Marian's translators (Junczys-Dowmunt et al. 2018, arXiv:1804.00344): BART's layers with sinusoidal positions, which checkpoints of translation models leave out.</summary>
internal static class Marian
{
    public static readonly Architecture Registration = Bart.Make("marian", "Marian", seq2SeqClass: "MarianMTModel", style: new BartStyle
    {
        Tokens = """ "vocab_size": 58101, "pad_token_id": 58100, "eos_token_id": 0, "decoder_start_token_id": 58100 """,
        NormsEmbeddings = false,
        Positions = (count, size) => new SinusoidalPositions(count, size, saved: true, optional: true),
        Seq2SeqPositions = (count, size) => new SinusoidalPositions(count, size, saved: false, optional: true),
        PositionOffset = 0,
        HasSourceHeads = false,
    });
}
