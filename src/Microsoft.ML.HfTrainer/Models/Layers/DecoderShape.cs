namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>What the decoders that descend from Llama differ in.</summary>
internal sealed record DecoderShape(PretrainedConfig Config, AttentionImplementation Attention)
{
    private const string Full = "full_attention", Sliding = "sliding_attention";

    /// <summary>The size of a hidden state.</summary>
    public int Size { get; } = Config.GetSize("hidden_size");

    /// <summary>The number of layers.</summary>
    public int Layers { get; } = Config.GetSize("num_hidden_layers");

    /// <summary>Heads of queries.</summary>
    public int Heads { get; } = Config.GetSize("num_attention_heads");

    /// <summary>Heads of keys and values; each is used by as many heads of queries as their number goes into that of queries.</summary>
    public int KeyHeads { get; private init; } = Config.GetSize("num_attention_heads");

    /// <summary>The size of a head.</summary>
    public int HeadSize { get; private init; }

    /// <summary>Whether queries, keys and values are one matrix in the file, and gate and up of the feed-forward another.</summary>
    public bool Fused { get; init; }

    /// <summary>Whether the maps to queries, keys and values have biases.</summary>
    public bool QueryBias { get; init; }

    /// <summary>Whether the map of what attention gives has biases.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether the maps of the feed-forward have biases.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether each head's queries and keys are normalised.</summary>
    public bool HeadNorms { get; init; }

    /// <summary>Whether what attention and feed-forward give is normalised too, and not only what they take.</summary>
    public bool OuterNorms { get; init; }

    /// <summary>Whether the weights of norms are what their scale is above 1.</summary>
    public bool NormsAroundOne { get; init; }

    /// <summary>The field that names the activation of the feed-forward's gate.</summary>
    public string ActivationField { get; init; } = "hidden_act";

    /// <summary>The activation where the configuration names none.</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>Added to the mean square in norms where the configuration does not say it.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>What embeddings are multiplied by.</summary>
    public float? EmbeddingScale { get; init; }

    /// <summary>The probability with which elements of what attention and feed-forward give are dropped.</summary>
    public double ResidualDropout { get; init; }

    /// <summary>What scores are multiplied by; null: the head's size to the power of -½.</summary>
    public double? ScoreScale { get; init; }

    /// <summary>What scores cannot pass: they are bent towards it by tanh; null: they are left.</summary>
    public double? ScoreCap { get; init; }

    /// <summary>Whether a token sees itself and those before it alone; not where a decoder was made into an encoder.</summary>
    public bool Causal { get; init; } = Config.GetBool("is_causal", true);

    /// <summary>How many neighbours on each side a token sees in a window that looks both ways.</summary>
    public Func<int, int> Reach { get; init; } = window => window;

    /// <summary>Of each layer, the number of tokens that a query sees, its own among them; null: all up to its own.</summary>
    public IReadOnlyList<int?> Windows { get; init; } = [];

    /// <summary>The turns of layers without and with a window.</summary>
    public (Rotary Full, Rotary Sliding) Rotaries { get; init; }

    /// <summary>The shape that a configuration with Llama's field names gives, to be changed where an architecture differs.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
    /// <param name="keyHeads">Heads of keys where the configuration does not say it; null: as many as of queries.</param>
    /// <param name="headSize">The size of a head where the configuration does not say it; null: the hidden size shared among the heads.</param>
    public static DecoderShape Of(PretrainedConfig config, AttentionImplementation attention, int? keyHeads = null, int? headSize = null)
    {
        var shape = new DecoderShape(config, attention);
        var (size, heads) = (shape.Size, shape.Heads);
        if (!config.Has("head_dim") && headSize is null && size % heads != 0)
            throw config.Error("num_attention_heads", $"is {heads}, which does not divide hidden_size {size}", "a divisor of it, or head_dim is given");
        headSize = config.Has("head_dim") ? config.GetSize("head_dim") : headSize ?? size / heads;
        keyHeads = config.Has("num_key_value_heads") ? config.GetSize("num_key_value_heads") : keyHeads ?? heads;
        if (heads % keyHeads != 0)
            throw config.Error("num_key_value_heads", $"is {keyHeads}, which does not divide num_attention_heads {heads}", "a divisor of it");
        var rotary = Rotary.Of(config, headSize.Value);
        return shape with { KeyHeads = keyHeads.Value, HeadSize = headSize.Value, Rotaries = (rotary, rotary), Windows = new int?[shape.Layers] };
    }

    /// <summary>The same shape with that window in every layer; null: in none.</summary>
    public DecoderShape WithWindow(int? window) =>
        window is < 1 ? throw WrongWindow(window) : this with { Windows = [.. Enumerable.Repeat(window, Layers)] };

    /// <summary>The same shape with windows in the layers that <c>layer_types</c> says, or else in some.</summary>
    /// <param name="window">The number of tokens that a query sees there; null: no layer may have one.</param>
    /// <param name="otherwise">Whether a layer has a window where the configuration does not say it.</param>
    public DecoderShape WithWindows(int? window, Func<int, bool> otherwise)
    {
        if (window is < 1)
            throw WrongWindow(window);
        var types = Config.GetTexts("layer_types") ?? [.. Enumerable.Range(0, Layers).Select(i => otherwise(i) ? Sliding : Full)];
        if (types.Count != Layers)
            throw Config.Error("layer_types", $"has {types.Count} entries", $"a list of {Layers}, one for each layer");
        if (types.FirstOrDefault(t => t is not (Full or Sliding)) is { } unknown)
            throw Config.Error("layer_types", $"has \"{unknown}\"", $"a list of \"{Full}\" and \"{Sliding}\"");
        if (window is null && types.Contains(Sliding))
            throw Config.Error("sliding_window", "is missing, or switched off by use_sliding_window", $"a number above 0, because layer_types has \"{Sliding}\"");
        return this with { Windows = [.. types.Select(t => t == Sliding ? window : null)] };
    }

    /// <summary>A norm over vectors of that size.</summary>
    public RmsNorm Norm(int size) => new(size, Config.GetDouble("rms_norm_eps", Epsilon), NormsAroundOne);

    /// <summary>The turns of a layer's queries and keys.</summary>
    public Rotary RotaryOf(int layer) => Windows[layer] is null ? Rotaries.Full : Rotaries.Sliding;

    /// <summary>The activation of the feed-forward's gate.</summary>
    public Activation GateActivation => Models.Layers.Activation.FromConfig(Config, ActivationField, Activation);

    private InvalidDataException WrongWindow(int? window) => Config.Error("sliding_window", $"is {window}", "a number above 0, or null");
}
