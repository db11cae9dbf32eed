using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Mistral (Jiang et al. 2023, arXiv:2310.06825): Llama with a sliding window in every layer.</summary>
internal sealed class Mistral(PretrainedConfig config, AttentionImplementation implementation) : LlamaBlocks(config, implementation)
{
    public static readonly Architecture Registration = Llama.Describe("mistral", "Mistral", Blocks, """
        {
          "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
          "max_position_embeddings": 131072, "sliding_window": 4096
        }
        """)
        .With(ModelHead.TokenClassification, Llama.Body(Blocks), Llama.TokenClassification)
        .With(ModelHead.QuestionAnswering, Llama.Body(Blocks), QuestionAnsweringHead.Linear, prefix: "model");

    private readonly int? _window = SlidingWindows.Read(config);

    public override int? SlidingWindow(int layer) => _window;

    private static Mistral Blocks(PretrainedConfig config, AttentionImplementation implementation) => new(config, implementation);
}
