namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>How texts become token columns, once the tokenizer is known.</summary>
internal sealed record TokenizeSettings
{
    /// <summary>The columns of text.</summary>
    public required TextColumns Columns { get; init; }

    /// <summary>The longest sequence in tokens; null: there is no limit.</summary>
    public int? MaxLength { get; init; }

    public TruncationStrategy Truncation { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>The end at which tokens are cut; null: as the tokenizer says.</summary>
    public Side? TruncationSide { get; init; }

    /// <summary>Whether rows are filled up to <see cref="MaxLength"/>.</summary>
    public bool PadsToMaxLength { get; init; }

    /// <summary>The end at which rows are filled up; null: as the tokenizer says.</summary>
    public Side? PaddingSide { get; init; }

    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Whether the texts are such as the model is to write.</summary>
    public bool AsTarget { get; init; }

    /// <summary>The code of the texts' language; null: as the tokenizer says.</summary>
    public string? Language { get; init; }

    /// <summary>The columns that are there because they were asked for, by name.</summary>
    public IReadOnlyList<string> Requested { get; init; } = [];

    /// <summary>Whether what is cut off becomes rows of its own.</summary>
    public bool Overflows { get; init; }

    /// <summary>How many tokens these repeat.</summary>
    public int Stride { get; init; }

    /// <summary>What the tokenizer is asked for.</summary>
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
