namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="TokenizeHfEstimator"/>. Padding and truncation inside <c>tokenizer.json</c> are ignored.</summary>
public sealed class TokenizeHfOptions
{
    /// <summary>
    /// Gets or sets the name of the column of texts, or of the first texts of pairs. A column of vectors of text holds texts that are already split into words
    /// (<c>is_split_into_words</c>). Default: <c>Text</c>.
    /// </summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>
    /// Gets or sets whether texts are split at white space into words, each of which is tokenized by itself. <c>WordIds</c> are then the indices of these words, while
    /// <c>Offsets</c> are still ranges of the text. Set it if the label of a text has one tag for each of these words. Default: false, the tokenizer decides what words are.
    /// </summary>
    public bool SplitIntoWords { get; set; }

    /// <summary>Gets or sets the name of the column of second texts, of the same type as that of the first. Default: null, single texts.</summary>
    public string? PairColumnName { get; set; }

    /// <summary>
    /// Gets or sets the name of the column of the choices of a question, a vector of text: the text is paired with each of them. The sequences of a row, one for each choice, follow each other
    /// in the token columns, and the column <c>SequenceLengths</c> has their lengths in tokens. It cannot be set together with <see cref="PairColumnName"/>. Default: null, no choices.
    /// </summary>
    public string? ChoicesColumnName { get; set; }

    /// <summary>
    /// Gets or sets what is put before each text, such as <c>translate English to German: </c>, which tells a T5 model its task, or the prompt of an embedding model.
    /// Default: empty.
    /// </summary>
    public string TextPrefix { get; set; } = "";

    /// <summary>Gets or sets whether texts are converted to lower case before they are tokenized, as the folders of some embedding models ask for. Default: false.</summary>
    public bool LowerCase { get; set; }

    /// <summary>
    /// Gets or sets the name of the column (vector of text) of the role of each message of a chat, such as <c>user</c> and <c>assistant</c>; <see cref="TextColumnName"/> then names
    /// the column of the contents of the messages (vector of text). The chat template of the tokenizer renders the chat. If the last message is not the assistant's, the rendered chat ends
    /// where the answer of the assistant begins. Default: null, texts are not chats.
    /// </summary>
    public string? ChatRoleColumnName { get; set; }

    /// <summary>
    /// Gets or sets the prefix of the names of the output columns, such as <c>Title</c> for <c>TitleInputIds</c>, <c>TitleAttentionMask</c> and so on. Token columns of two
    /// tokenizers, or of two texts, live in one pipeline under different prefixes; a trainer reads those of its option <c>TokenColumnPrefix</c>. Default: empty.
    /// </summary>
    public string OutputColumnPrefix { get; set; } = "";

    /// <summary>
    /// Gets or sets the folder of a model or a tokenizer, or its id on the Hugging Face hub. Default: null, the model of the package Microsoft.ML.HfTrainer.MiniLM, which the
    /// application has to reference.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>Gets or sets the revision, the token and the cache for a model from the hub. Default: null, the settings of the environment.</summary>
    public HubOptions? Hub { get; set; }

    /// <summary>
    /// Gets or sets the maximum sequence length in tokens, special tokens included (<c>max_length</c>). Default: null, the tokenizer's <c>model_max_length</c>, but at most the
    /// number of positions of the model.
    /// </summary>
    public int? MaxLength { get; set; }

    /// <summary>Gets or sets which text of a pair is cut to <see cref="MaxLength"/>. Default: <see cref="TruncationStrategy.LongestFirst"/>.</summary>
    public TruncationStrategy Truncation { get; set; } = TruncationStrategy.LongestFirst;

    /// <summary>Gets or sets the end at which tokens are cut (<c>truncation_side</c>). Default: null, the side of the tokenizer.</summary>
    public Side? TruncationSide { get; set; }

    /// <summary>
    /// Gets or sets the padding of rows. <see cref="PaddingStrategy.MaxLength"/> pads to <see cref="MaxLength"/>. Default: <see cref="PaddingStrategy.DoNotPad"/>, since trainers
    /// pad their batches. <see cref="PaddingStrategy.Longest"/> is refused, since a column has no batches.
    /// </summary>
    public PaddingStrategy Padding { get; set; } = PaddingStrategy.DoNotPad;

    /// <summary>Gets or sets the end at which rows are padded (<c>padding_side</c>). Default: null, the side of the tokenizer.</summary>
    public Side? PaddingSide { get; set; }

    /// <summary>Gets or sets whether special tokens, such as <c>[CLS]</c> and <c>[SEP]</c>, are added (<c>add_special_tokens</c>). Default: true.</summary>
    public bool AddSpecialTokens { get; set; } = true;

    /// <summary>
    /// Gets or sets whether the texts are targets, which the model is to generate (<c>text_target</c>). A translation model may have another vocabulary, or other special
    /// tokens, for them. Default: false.
    /// </summary>
    public bool AsTarget { get; set; }

    /// <summary>
    /// Gets or sets the language code of the texts, such as <c>de_DE</c>, for tokenizers that add it to each text. Default: null, <c>src_lang</c> of the configuration of the
    /// tokenizer or, with <see cref="AsTarget"/>, <c>tgt_lang</c>.
    /// </summary>
    public string? Language { get; set; }

    /// <summary>Gets or sets whether to add the column <c>Offsets</c> (<c>return_offsets_mapping</c>). Default: false.</summary>
    public bool ReturnOffsets { get; set; }

    /// <summary>Gets or sets whether to add the column <c>WordIds</c> (<c>word_ids()</c>). Default: false.</summary>
    public bool ReturnWordIds { get; set; }

    /// <summary>Gets or sets whether to add the column <c>SequenceIds</c> (<c>sequence_ids()</c>). Default: false.</summary>
    public bool ReturnSequenceIds { get; set; }

    /// <summary>Gets or sets whether to add the column <c>SpecialTokensMask</c> (<c>return_special_tokens_mask</c>). Default: false.</summary>
    public bool ReturnSpecialTokensMask { get; set; }

    /// <summary>
    /// Gets or sets whether the tokens that truncation cuts off become further rows (<c>return_overflowing_tokens</c>), with a column <c>SampleIndex</c> of the index of the row
    /// that they come from. Default: false, they are dropped.
    /// </summary>
    /// <remarks>
    /// A text that is too long becomes as many rows as it needs, one after the other, with the same values in the other columns. Such a transformer is not a row-to-row mapper: a
    /// <see cref="PredictionEngine{TSrc, TDst}"/> refuses it; pass single texts to <c>Transform</c> as data of one row. Question answering, token classification and causal language models cut
    /// long texts themselves and refuse such rows.
    /// </remarks>
    public bool ReturnOverflowingTokens { get; set; }

    /// <summary>Gets or sets the number of tokens that each further row repeats from the row before (<c>stride</c>). Default: 0.</summary>
    public int Stride { get; set; }

    /// <summary>true to follow the settings of texts in a folder of sentence-transformers.</summary>
    internal bool FollowsSentenceFolder { get; private init; }

    /// <summary>The name of the prompt in that folder; null for its default prompt.</summary>
    internal string? PromptName { get; private init; }

    /// <summary>
    /// Creates the options for <see cref="HfTrainerCatalog.SentenceEmbedding(SentenceEmbeddingOptions)"/>. If the folder of the model has the layout of sentence-transformers, texts are prepared as
    /// it says: it sets <c>max_seq_length</c> unless <see cref="MaxLength"/> is set, <c>do_lower_case</c>, and a prompt unless <see cref="TextPrefix"/> is set.
    /// </summary>
    /// <param name="textColumnName">The name of the column of texts.</param>
    /// <param name="model">The folder of a model, or its id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="promptName">The name of the prompt that is put before each text, such as <c>query</c>. If null, the default prompt of the folder, if it has one.</param>
    public static TokenizeHfOptions ForSentenceEmbedding(string textColumnName = "Text", string? model = null, string? promptName = null) => new()
    {
        TextColumnName = textColumnName,
        Model = model,
        FollowsSentenceFolder = true,
        PromptName = promptName,
    };

    /// <summary>
    /// Creates the options for <see cref="HfTrainerCatalog.QuestionAnswering(QuestionAnsweringOptions)"/>: pairs of a question and a context, whatever their length, with the
    /// columns <c>Offsets</c>, <c>WordIds</c> and <c>SequenceIds</c>.
    /// </summary>
    /// <param name="questionColumnName">The name of the column of questions.</param>
    /// <param name="contextColumnName">The name of the column of contexts.</param>
    /// <param name="model">The folder of a model, or its id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="maxLength">
    /// The maximum length in tokens of the windows into which the trainer cuts long contexts, the question and special tokens included. If null, the limit of the model.
    /// </param>
    public static TokenizeHfOptions ForQuestionAnswering(
        string questionColumnName = "Question", string contextColumnName = "Context", string? model = null, int? maxLength = null) => new()
        {
            TextColumnName = questionColumnName,
            PairColumnName = contextColumnName,
            Model = model,
            MaxLength = maxLength,
            Truncation = TruncationStrategy.DoNotTruncate,
            ReturnOffsets = true,
            ReturnWordIds = true,
            ReturnSequenceIds = true,
        };

    /// <summary>Creates the options for <see cref="HfTrainerCatalog.MultipleChoice(MultipleChoiceOptions)"/>: each question is paired with each of its choices.</summary>
    /// <param name="questionColumnName">The name of the column of questions.</param>
    /// <param name="choicesColumnName">The name of the column of choices, a vector of text.</param>
    /// <param name="model">The folder of a model, or its id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="maxLength">The maximum length in tokens of a question with one choice, special tokens included. If null, the limit of the model.</param>
    public static TokenizeHfOptions ForMultipleChoice(
        string questionColumnName = "Question", string choicesColumnName = "Choices", string? model = null, int? maxLength = null) => new()
        {
            TextColumnName = questionColumnName,
            ChoicesColumnName = choicesColumnName,
            Model = model,
            MaxLength = maxLength,
        };

    /// <summary>
    /// Creates the options for <see cref="HfTrainerCatalog.TokenClassification(TokenClassificationOptions)"/>: long texts are not cut, and the columns <c>Offsets</c>,
    /// <c>WordIds</c> and <c>SequenceIds</c> are added.
    /// </summary>
    /// <param name="textColumnName">The name of the column of texts, or of vectors of text with their words.</param>
    /// <param name="model">The folder of a model, or its id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM.</param>
    /// <param name="splitIntoWords">true to split texts at white space into words, for labels of words. Default: false.</param>
    public static TokenizeHfOptions ForTokenClassification(string textColumnName = "Text", string? model = null, bool splitIntoWords = false) => new()
    {
        TextColumnName = textColumnName,
        Model = model,
        SplitIntoWords = splitIntoWords,
        Truncation = TruncationStrategy.DoNotTruncate,
        ReturnOffsets = true,
        ReturnWordIds = true,
        ReturnSequenceIds = true,
    };

    /// <summary>
    /// Creates the options for chats, for <see cref="HfTrainerCatalog.CausalLM(CausalLMOptions)"/>. Chats are not cut.
    /// </summary>
    /// <param name="contentColumnName">The name of the column of the contents of messages, a vector of text.</param>
    /// <param name="roleColumnName">The name of the column of the roles of the messages, a vector of text.</param>
    /// <param name="model">
    /// The folder of a model with a chat template, or its id on the Hugging Face hub. If null, the model of the package Microsoft.ML.HfTrainer.MiniLM, which has no chat template.
    /// </param>
    public static TokenizeHfOptions ForChat(string contentColumnName = "Contents", string roleColumnName = "Roles", string? model = null) => new()
    {
        TextColumnName = contentColumnName,
        ChatRoleColumnName = roleColumnName,
        Model = model,
        Truncation = TruncationStrategy.DoNotTruncate,
    };
}
