using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer;

/// <summary>The <see cref="IEstimator{TTransformer}"/> that tokenizes text for a Hugging Face model.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use `mlContext.Transforms.Text.TokenizeHf`.
///
/// ### Input and Output Columns
/// The input is a column of [text](xref:Microsoft.ML.Data.TextDataViewType), or two for pairs of texts; or, instead of texts, vectors of text that hold their
/// words. A missing text is tokenized like an empty one. The option `OutputColumnPrefix` is put before the name of each output column.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `InputIds` | Variable-length vector of [Int64](xref:System.Int64) | The token ids, special tokens included. |
/// | `AttentionMask` | Variable-length vector of [Int64](xref:System.Int64) | 1 for each token, 0 for padding. |
/// | `TokenTypeIds` | Variable-length vector of [Int64](xref:System.Int64) | The token type ids, usually 0 for the tokens of the first text and 1 for those of the second. The column exists only if the tokenizer's `model_input_names` contain `token_type_ids`. |
/// | `Offsets` | Variable-length vector of [Int64](xref:System.Int64) | On request: the start and end of each token in its text, or in its word, one after the other, in UTF-16 code units; 0 and 0 for special tokens and padding. |
/// | `WordIds` | Variable-length vector of [Int64](xref:System.Int64) | On request: the index of the word of each token; -1 for special tokens and padding. |
/// | `SequenceIds` | Variable-length vector of [Int64](xref:System.Int64) | On request: 0 for tokens of the first text, 1 for those of the second, -1 for special tokens and padding. |
/// | `SpecialTokensMask` | Variable-length vector of [Int64](xref:System.Int64) | On request: 1 for added special tokens and padding, 0 for others. |
/// | `SequenceLengths` | Variable-length vector of [Int64](xref:System.Int64) | With `ChoicesColumnName`: the number of tokens of each sequence, that is of the text with each choice. |
/// | `SampleIndex` | [Int64](xref:System.Int64) | With `ReturnOverflowingTokens`: the index of the row of the input that the row comes from. |
///
/// The annotations of the columns identify the tokenizer; the trainers of `mlContext.HfTrainer` check it against their model.
///
/// ### Estimator Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | [Text](xref:Microsoft.ML.Data.TextDataViewType), or a vector of it |
/// | Output column data type | Variable-length vector of [Int64](xref:System.Int64) |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer |
/// | Exportable to ONNX | No |
///
/// By default texts are not padded, since trainers pad their batches. Texts longer than the limit are cut, of a pair the longer text first, and one warning per pass in
/// `MLContext.Log` counts them; or what is cut off becomes further rows, with the same values in the other columns. Padding and truncation inside `tokenizer.json` are
/// ignored.
/// ]]></format>
/// </remarks>
public sealed class TokenizeHfEstimator : IEstimator<TokenizeHfTransformer>
{
    private readonly MlHost _host;
    private readonly TokenizeHfTransformer _transformer;

    internal TokenizeHfEstimator(MlHost host, TokenizeHfOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.TextColumnName);
        if (options.PairColumnName is { } pair)
            ArgumentException.ThrowIfNullOrWhiteSpace(pair);
        if (options.ChoicesColumnName is { } choices)
            ArgumentException.ThrowIfNullOrWhiteSpace(choices);
        if (options.ChatRoleColumnName is { } role)
            ArgumentException.ThrowIfNullOrWhiteSpace(role);
        ArgumentNullException.ThrowIfNull(options.TextPrefix);
        ArgumentNullException.ThrowIfNull(options.OutputColumnPrefix);
        if (options.MaxLength is < 1)
            throw new ArgumentOutOfRangeException("maxLength", options.MaxLength,
                "maxLength is the maximum sequence length in tokens; it should be at least 1, or null for the limit of the model.");
        var (model, hub) = (options.Model ?? DefaultModel.GetFolder(), HubMessages.ToLog(host, options.Hub));
        var sentences = options.FollowsSentenceFolder ? SentenceFolderTexts.Read(host, model, hub) : null;
        var tokenizer = HfTokenizer.FromPretrained(sentences?.TokenizerFolder ?? model, hub);
        _host = host;
        var longest = LongestFor(tokenizer);
        var limit = options.MaxLength ?? (sentences?.MaxLength is { } length ? Math.Min(length, longest ?? length) : longest);
        var settings = new TokenizeSettingsCheck(host, tokenizer, options, limit).ToSettings();
        settings = sentences?.Apply(settings, options.PromptName) ?? settings;
        _transformer = new TokenizeHfTransformer(host, tokenizer, settings);
        foreach (var warning in tokenizer.Warnings)
            host.Warn(warning);
    }

    /// <summary>Returns the transformer. Nothing is learned from the data.</summary>
    /// <param name="input">The data, with the text columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or holds neither text nor words, or one of a pair holds texts and the other words.</exception>
    public TokenizeHfTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.Settings.Columns.Check(_host, SchemaShapes.Of(input.Schema));
        return _transformer;
    }

    /// <summary>Returns the shape of the schema that the transformer produces.</summary>
    /// <param name="inputSchema">The shape of the schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or holds neither text nor words, or one of a pair holds texts and the other words.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _transformer.Settings.Columns.Check(_host, inputSchema);
        return inputSchema.With([.. _transformer.OutputColumns().Select(SchemaShapes.Of)]);
    }

    // A folder may hold only a tokenizer, whose limit is then the only one.
    private static int? LongestFor(HfTokenizer tokenizer)
    {
        var config = Path.Combine(tokenizer.Folder!, PretrainedConfig.FileName);
        var positions = File.Exists(config) ? ModelLimits.PositionsOf(PretrainedConfig.FromPretrained(tokenizer.Folder!)) : null;
        return (tokenizer.ModelMaxLength, positions) switch
        {
            ({ } length, { } count) => Math.Min(length, count),
            (var length, var count) => length ?? count,
        };
    }
}
