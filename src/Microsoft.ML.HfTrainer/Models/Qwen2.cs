using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Qwen 2 and 2.5 (Yang et al. 2024, arXiv:2407.10671): Llama with biases of queries, keys and values, and an optional sliding window in the upper layers.</summary>
internal class Qwen2(PretrainedConfig config, AttentionImplementation implementation) : LlamaBlocks(config, implementation)
{
    /// <summary>The default sizes of Qwen 2 and Qwen 3.</summary>
    public const string Sizes = """
        "vocab_size": 151936, "hidden_size": 4096, "intermediate_size": 22016, "num_hidden_layers": 32, "num_attention_heads": 32, "max_position_embeddings": 32768,
        "sliding_window": 4096, "max_window_layers": 28
        """;

    public static readonly Architecture Registration = Llama.Describe("qwen2", "Qwen2", Blocks, $"{{ {Sizes} }}")
        .With(ModelHead.TokenClassification, Llama.Body(Blocks), Llama.TokenClassification)
        .With(ModelHead.QuestionAnswering, Llama.Body(Blocks), QuestionAnsweringHead.Linear, prefix: "transformer");

    private readonly IReadOnlyList<int?> _windows = Windows(config);

    public override bool QueryKeyValueBias => true;

    public override int? SlidingWindow(int layer) => _windows[layer];

    private static IReadOnlyList<int?> Windows(PretrainedConfig config)
    {
        var (window, first) = (config.GetBool("use_sliding_window", false) ? SlidingWindows.Read(config) : null, config.GetInt("max_window_layers"));
        return SlidingWindows.ByLayerType(config, window, layer => window is not null && layer >= first);
    }

    private static Qwen2 Blocks(PretrainedConfig config, AttentionImplementation implementation) => new(config, implementation);
}
