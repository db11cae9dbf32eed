namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The sizes and probabilities of a <see cref="PostNormLayer"/>.</summary>
internal sealed record PostNormSettings
{
    /// <summary>The hidden size.</summary>
    public required int Size { get; init; }

    /// <summary>The inner size of the feed-forward block.</summary>
    public required int Inner { get; init; }

    public required int Heads { get; init; }

    public required int HeadSize { get; init; }

    /// <summary>The factor of attention scores. If null, 1/√(head size).</summary>
    public double? Scale { get; init; }

    /// <summary>The number that layer norms add to the variance.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The dropout probability of hidden states.</summary>
    public required double Dropout { get; init; }

    /// <summary>The dropout probability of attention weights.</summary>
    public required double AttentionDropout { get; init; }

    /// <summary>true if dropout applies to the output of attention. Default: true.</summary>
    public bool DropsAttended { get; init; } = true;

    /// <summary>true if dropout applies to the output of the feed-forward block. Default: true.</summary>
    public bool DropsOutput { get; init; } = true;

    public required Activation Activation { get; init; }

    /// <summary>true for a causal mask.</summary>
    public bool Causal { get; init; }

    public required AttentionImplementation Attention { get; init; }

    /// <summary>Reads the fields of BERT's configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
    /// <param name="dropout">The default of both dropout probabilities.</param>
    /// <param name="epsilon">The default epsilon of layer norms.</param>
    /// <param name="activation">The name of the default activation.</param>
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

/// <summary>The weight names of a <see cref="PostNormLayer"/>. Default: those of BERT.</summary>
internal sealed record PostNormNames
{
    public string Query { get; init; } = "attention.self.query";

    public string Key { get; init; } = "attention.self.key";

    public string Value { get; init; } = "attention.self.value";

    /// <summary>The output projection of attention.</summary>
    public string Attended { get; init; } = "attention.output.dense";

    public string AttentionNorm { get; init; } = "attention.output.LayerNorm";

    public string Inner { get; init; } = "intermediate.dense";

    /// <summary>The activation of the feed-forward block, if it has weights.</summary>
    public string Activation { get; init; } = "intermediate.intermediate_act_fn";

    public string Output { get; init; } = "output.dense";

    public string OutputNorm { get; init; } = "output.LayerNorm";
}
