namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The sizes and probabilities of a <see cref="PostNormLayer"/>.</summary>
internal sealed record PostNormSettings
{
    /// <summary>The size of hidden states.</summary>
    public required int Size { get; init; }

    /// <summary>The size of the feed-forward network's inner layer.</summary>
    public required int Inner { get; init; }

    public required int Heads { get; init; }

    public required int HeadSize { get; init; }

    /// <summary>What attention's scores are multiplied by; null: 1/√(size of a head).</summary>
    public double? Scale { get; init; }

    /// <summary>Of layer norms.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The dropout of hidden states.</summary>
    public required double Dropout { get; init; }

    /// <summary>The dropout of attention's weights.</summary>
    public required double AttentionDropout { get; init; }

    /// <summary>Whether attention's output is dropped.</summary>
    public bool DropsAttended { get; init; } = true;

    /// <summary>Whether the feed-forward network's output is dropped.</summary>
    public bool DropsOutput { get; init; } = true;

    public required Activation Activation { get; init; }

    /// <summary>Whether a token sees itself and those before it alone.</summary>
    public bool Causal { get; init; }

    public required AttentionImplementation Attention { get; init; }

    /// <summary>Reads the fields that BERT's configuration has.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
    /// <param name="dropout">Both dropouts where the configuration lacks them.</param>
    /// <param name="epsilon">That of layer norms where the configuration lacks it.</param>
    /// <param name="activation">The activation where the configuration lacks it.</param>
    public static PostNormSettings Read(PretrainedConfig config, AttentionImplementation attention, double dropout = 0.1, double epsilon = 1e-12, string activation = "gelu")
    {
        var (size, heads) = (config.GetSize("hidden_size"), config.GetHeads("num_attention_heads", "hidden_size"));
        return new PostNormSettings
        {
            Size = size,
            Inner = config.GetSize("intermediate_size"),
            Heads = heads,
            HeadSize = size / heads,
            Epsilon = config.GetDouble("layer_norm_eps", epsilon),
            Dropout = config.GetProbability("hidden_dropout_prob", dropout),
            AttentionDropout = config.GetProbability("attention_probs_dropout_prob", dropout),
            Activation = Activation.FromConfig(config, "hidden_act", activation),
            Attention = attention,
        };
    }
}

/// <summary>The weight names of a <see cref="PostNormLayer"/>: BERT's where nothing else is said.</summary>
internal sealed record PostNormNames
{
    public string Query { get; init; } = "attention.self.query";

    public string Key { get; init; } = "attention.self.key";

    public string Value { get; init; } = "attention.self.value";

    /// <summary>What attention's output passes before it is added to its input.</summary>
    public string Attended { get; init; } = "attention.output.dense";

    public string AttentionNorm { get; init; } = "attention.output.LayerNorm";

    public string Inner { get; init; } = "intermediate.dense";

    public string Output { get; init; } = "output.dense";

    public string OutputNorm { get; init; } = "output.LayerNorm";
}
