namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>The settings by which texts become token columns, once the tokenizer is known.</summary>
internal sealed record TokenizeSettings
{
    /// <summary>The columns of text.</summary>
    public required TextColumns Columns { get; init; }

    /// <summary>What is put before each text.</summary>
    public string TextPrefix { get; init; } = "";

    /// <summary>What says so, for messages: the option, or the prompt of a model's folder.</summary>
    public string PrefixSource { get; init; } = nameof(TokenizeHfOptions.TextPrefix);

    /// <summary>true if texts are converted to lower case.</summary>
    public bool LowerCase { get; init; }

    /// <summary>The prefix of the names of token columns.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The maximum sequence length in tokens; null for no limit.</summary>
    public int? MaxLength { get; init; }

    public TruncationStrategy Truncation { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>The end at which tokens are cut; null for that of the tokenizer.</summary>
    public Side? TruncationSide { get; init; }

    /// <summary>true to pad rows to <see cref="MaxLength"/>.</summary>
    public bool PadsToMaxLength { get; init; }

    /// <summary>The end at which rows are padded; null for that of the tokenizer.</summary>
    public Side? PaddingSide { get; init; }

    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>true if the texts are targets, which the model is to generate.</summary>
    public bool AsTarget { get; init; }

    /// <summary>The language code of the texts; null for that of the tokenizer.</summary>
    public string? Language { get; init; }

    /// <summary>The columns on request, by the names they have without a prefix.</summary>
    public IReadOnlyList<string> Requested { get; init; } = [];

    /// <summary>true if what truncation cuts off becomes further rows.</summary>
    public bool Overflows { get; init; }

    /// <summary>The number of tokens that each further row repeats.</summary>
    public int Stride { get; init; }

    /// <summary>Returns a text as it is tokenized.</summary>
    public string Prepare(string text) => LowerCase ? (TextPrefix + text).ToLowerInvariant() : TextPrefix + text;

    /// <summary>Returns texts in the case in which they are tokenized.</summary>
    public string[]? Lowered(string[]? texts) => LowerCase && texts is not null ? Array.ConvertAll(texts, text => text.ToLowerInvariant()) : texts;

    /// <summary>Returns the settings as options of the tokenizer.</summary>
    public EncodeOptions ToEncodeOptions() => new()
    {
        AddSpecialTokens = AddSpecialTokens,
        MaxLength = MaxLength,
        Truncation = Truncation,
        TruncationSide = TruncationSide,
        Stride = Stride,
        AsTarget = AsTarget,
        Language = Language,
        Padding = PadsToMaxLength ? new PadOptions { Length = MaxLength, Side = PaddingSide } : null,
    };
}
