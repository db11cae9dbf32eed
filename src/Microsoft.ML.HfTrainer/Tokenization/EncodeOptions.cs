using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Options of <see cref="HfTokenizer.Encode"/> and <see cref="HfTokenizer.EncodeBatch"/>. Truncation and padding stored in <c>tokenizer.json</c> are
/// not applied by default; <see cref="HfTokenizer.SavedOptions"/> returns them.
/// </summary>
public sealed record EncodeOptions
{
    internal static EncodeOptions Default { get; } = new();

    /// <summary>true to add the special tokens of the tokenizer's template, such as <c>[CLS]</c> and <c>[SEP]</c>. Default: true.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>
    /// The maximum length of an encoding in tokens, special tokens included. If null (default), there is no limit. A value below the number of
    /// special tokens has no effect, as in Hugging Face tokenizers.
    /// </summary>
    public int? MaxLength
    {
        get;
        init => field = Bounds.AtLeast(0, value);
    }

    /// <summary>
    /// The sequence that is shortened if an encoding exceeds <see cref="MaxLength"/>. Default: <see cref="TruncationStrategy.LongestFirst"/>.
    /// </summary>
    public TruncationStrategy Truncation { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>The number of tokens that each overflowing part shares with the part before it. Default: 0.</summary>
    public int Stride
    {
        get;
        init => field = Bounds.AtLeast(0, value);
    }

    /// <summary>The side from which tokens are removed. If null (default), the tokenizer's <see cref="HfTokenizer.TruncationSide"/>.</summary>
    public Side? TruncationSide { get; init; }

    /// <summary>
    /// true if the text is a target that the model is to generate (<c>text_target</c>) rather than its input: translation models may use another
    /// vocabulary or other special tokens for targets. Default: false.
    /// </summary>
    public bool AsTarget { get; init; }

    /// <summary>
    /// The language code of the text, such as <c>de_DE</c> (mBART) or <c>deu_Latn</c> (NLLB), for tokenizers that add it as a token. If null
    /// (default), the configured <c>src_lang</c> or, with <see cref="AsTarget"/>, <c>tgt_lang</c>.
    /// </summary>
    public string? Language { get; init; }

    /// <summary>
    /// Padding options. If null (default), encodings are not padded. A batch is padded to its longest encoding unless <see cref="PadOptions.Length"/>
    /// is set.
    /// </summary>
    public PadOptions? Padding { get; init; }

    /// <summary>
    /// true to return the overflowing parts of a batch's truncated texts as further encodings, each after the first encoding of its text
    /// (<c>return_overflowing_tokens</c>); <see cref="BatchEncoding.SampleIndices"/> maps them to their texts. Default: false.
    /// </summary>
    public bool ReturnOverflowingTokens { get; init; }

    /// <summary>The maximum number of threads that encode a batch, or -1 (default) for one per processor.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;
}
