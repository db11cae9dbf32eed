namespace Microsoft.ML.HfTrainer;

/// <summary>Padding options of <see cref="HfTokenizer.Pad"/> and <see cref="EncodeOptions.Padding"/>.</summary>
public sealed record PadOptions
{
    /// <summary>The length to pad to, in tokens. If null (default), the length of the longest encoding.</summary>
    public int? Length
    {
        get;
        init
        {
            if (value is { } number)
                ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(Length));
            field = value;
        }
    }

    /// <summary>The number to whose multiple the length is rounded up. If null (default), the length is not rounded.</summary>
    public int? MultipleOf
    {
        get;
        init
        {
            if (value is { } number)
                ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(MultipleOf));
            field = value;
        }
    }

    /// <summary>The side on which padding is added. If null (default), the tokenizer's <see cref="HfTokenizer.PaddingSide"/>.</summary>
    public Side? Side { get; init; }

    /// <summary>The id of the padding token. If null (default), the tokenizer's <see cref="HfTokenizer.PadTokenId"/>.</summary>
    public int? PadId
    {
        get;
        init
        {
            if (value is { } number)
                ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(PadId));
            field = value;
        }
    }

    /// <summary>The token type id of padding. If null (default), the tokenizer's <see cref="HfTokenizer.PadTokenTypeId"/>.</summary>
    public int? PadTypeId
    {
        get;
        init
        {
            if (value is { } number)
                ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(PadTypeId));
            field = value;
        }
    }
}
