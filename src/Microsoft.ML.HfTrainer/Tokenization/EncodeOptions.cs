namespace Microsoft.ML.HfTrainer;

/// <summary>
/// How <see cref="HfTokenizer.Encode"/> and <see cref="HfTokenizer.EncodeBatch"/> encode. What is not set here is not taken from
/// <c>tokenizer.json</c> either; <see cref="HfTokenizer.SavedOptions"/> has what that file says.
/// </summary>
public sealed record EncodeOptions
{
    internal static EncodeOptions Default { get; } = new();

    /// <summary>Whether the tokens of the model's template, such as <c>[CLS]</c> and <c>[SEP]</c>, are added. Default: true.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>
    /// The longest encoding in tokens, special tokens included; null (default) for no limit. A limit below the number of special tokens
    /// has no effect, as in the original.
    /// </summary>
    public int? MaxLength { get; init; }

    /// <summary>Which sequence is cut when <see cref="MaxLength"/> is set. Default: <see cref="TruncationStrategy.LongestFirst"/>.</summary>
    public TruncationStrategy Truncation { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>How many tokens an overflowing part repeats from the part before it. Default: 0.</summary>
    public int Stride { get; init; }

    /// <summary>The end at which tokens are cut; null (default) for the tokenizer's <see cref="HfTokenizer.TruncationSide"/>.</summary>
    public Side? TruncationSide { get; init; }

    /// <summary>
    /// Whether the text is one that the model is to write and not one that it gets (<c>text_target</c>): a translation model may have another
    /// vocabulary, or other marks, for it. Default: false.
    /// </summary>
    public bool AsTarget { get; init; }

    /// <summary>
    /// The code of the text's language, such as <c>de_DE</c> (mBART) or <c>deu_Latn</c> (NLLB), for tokenizers that put it beside the text;
    /// null (default) for <c>src_lang</c> of the configuration or, with <see cref="AsTarget"/>, <c>tgt_lang</c>.
    /// </summary>
    public string? Language { get; init; }

    /// <summary>How encodings are padded; null (default) for not at all. A batch is padded as one, to its longest encoding unless a length is set.</summary>
    public PadOptions? Padding { get; init; }

    /// <summary>
    /// Whether in a batch what truncation cuts off becomes encodings of its own, each text's behind its first
    /// (<c>return_overflowing_tokens</c>); <see cref="BatchEncoding.SampleIndices"/> says whose they are. Default: false.
    /// </summary>
    public bool ReturnOverflowingTokens { get; init; }

    /// <summary>How many threads work on a batch at most; -1 (default) for one a processor.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;
}
