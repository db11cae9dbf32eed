namespace Microsoft.ML.HfTrainer;

/// <summary>Settings of <see cref="TokenizeHfEstimator"/>. What is written of padding and truncation inside <c>tokenizer.json</c> does not count.</summary>
public sealed class TokenizeHfOptions
{
    /// <summary>
    /// The column of texts, or of the first texts of pairs. A column of vectors of text holds texts that are split into words already
    /// (<c>is_split_into_words</c>). Default: <c>Text</c>.
    /// </summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The column of second texts, of the same type as that of the first. Default: null, there are no pairs.</summary>
    public string? PairColumnName { get; set; }

    /// <summary>
    /// The folder of a model or a tokenizer, or its id on the Hugging Face hub. Default: null, the model of the package Microsoft.ML.HfTrainer.MiniLM, which
    /// the application then refers to.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>How it is fetched from the hub: revision, token, cache. Default: null, as the environment says.</summary>
    public HubOptions? Hub { get; set; }

    /// <summary>
    /// The longest sequence in tokens, special ones included (<c>max_length</c>). Default: null, the tokenizer's <c>model_max_length</c>, at most the model's
    /// positions.
    /// </summary>
    public int? MaxLength { get; set; }

    /// <summary>Which text of a pair is cut to keep within <see cref="MaxLength"/>. Default: <see cref="TruncationStrategy.LongestFirst"/>.</summary>
    public TruncationStrategy Truncation { get; set; } = TruncationStrategy.LongestFirst;

    /// <summary>The end at which tokens are cut (<c>truncation_side</c>). Default: null, as the tokenizer says.</summary>
    public Side? TruncationSide { get; set; }

    /// <summary>
    /// Whether rows are filled up to <see cref="MaxLength"/> (<see cref="PaddingStrategy.MaxLength"/>). Default: <see cref="PaddingStrategy.DoNotPad"/>, for
    /// batches are padded when they are made. <see cref="PaddingStrategy.Longest"/> is refused: a column knows no batches.
    /// </summary>
    public PaddingStrategy Padding { get; set; } = PaddingStrategy.DoNotPad;

    /// <summary>The end at which rows are filled up (<c>padding_side</c>). Default: null, as the tokenizer says.</summary>
    public Side? PaddingSide { get; set; }

    /// <summary>Whether the tokens of the model's template, such as <c>[CLS]</c> and <c>[SEP]</c>, are added (<c>add_special_tokens</c>). Default: true.</summary>
    public bool AddSpecialTokens { get; set; } = true;

    /// <summary>
    /// Whether the texts are such as the model is to write (<c>text_target</c>): a translation model may have another vocabulary, or other marks, for them.
    /// Default: false.
    /// </summary>
    public bool AsTarget { get; set; }

    /// <summary>
    /// The code of the texts' language, such as <c>de_DE</c>, for tokenizers that put it beside each text. Default: null, <c>src_lang</c> of the tokenizer's
    /// configuration or, with <see cref="AsTarget"/>, <c>tgt_lang</c>.
    /// </summary>
    public string? Language { get; set; }

    /// <summary>Whether there is a column <c>Offsets</c> (<c>return_offsets_mapping</c>). Default: false.</summary>
    public bool ReturnOffsets { get; set; }

    /// <summary>Whether there is a column <c>WordIds</c> (<c>word_ids()</c>). Default: false.</summary>
    public bool ReturnWordIds { get; set; }

    /// <summary>Whether there is a column <c>SequenceIds</c> (<c>sequence_ids()</c>). Default: false.</summary>
    public bool ReturnSequenceIds { get; set; }

    /// <summary>Whether there is a column <c>SpecialTokensMask</c> (<c>return_special_tokens_mask</c>). Default: false.</summary>
    public bool ReturnSpecialTokensMask { get; set; }

    /// <summary>
    /// Whether what is cut off becomes rows of its own (<c>return_overflowing_tokens</c>), with a column <c>SampleIndex</c> that says which row they come from.
    /// Default: false, it is lost.
    /// </summary>
    /// <remarks>
    /// A text that is too long gives as many rows as it needs, one after the other, each with the values that the other columns have. Such a transformer is no
    /// row-to-row mapper: a <see cref="PredictionEngine{TSrc, TDst}"/> refuses it, and single texts are given to <c>Transform</c> as data of one row.
    /// </remarks>
    public bool ReturnOverflowingTokens { get; set; }

    /// <summary>How many tokens each of these rows repeats from the one before (<c>stride</c>). Default: 0.</summary>
    public int Stride { get; set; }
}
