using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>Padding options of <see cref="HfTokenizer.Pad"/> and <see cref="EncodeOptions.Padding"/>.</summary>
public sealed record PadOptions
{
    /// <summary>The length to pad to, in tokens. If null (default), the length of the longest encoding.</summary>
    public int? Length
    {
        get;
        init => field = Bounds.AtLeast(0, value);
    }

    /// <summary>The number to whose multiple the length is rounded up. If null (default), the length is not rounded.</summary>
    public int? MultipleOf
    {
        get;
        init => field = Bounds.AtLeast(1, value);
    }

    /// <summary>The side on which padding is added. If null (default), the tokenizer's <see cref="HfTokenizer.PaddingSide"/>.</summary>
    public Side? Side { get; init; }

    /// <summary>The id of the padding token. If null (default), the tokenizer's <see cref="HfTokenizer.PadTokenId"/>.</summary>
    public int? PadId
    {
        get;
        init => field = Bounds.AtLeast(0, value);
    }

    /// <summary>The token type id of padding. If null (default), the tokenizer's <see cref="HfTokenizer.PadTokenTypeId"/>.</summary>
    public int? PadTypeId
    {
        get;
        init => field = Bounds.AtLeast(0, value);
    }
}
