using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer;

/// <summary>The <see cref="IEstimator{TTransformer}"/> that tokenises text as a Hugging Face model wants it.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use `mlContext.Transforms.Text.TokenizeHf`.
///
/// ### Input and Output Columns
/// The input is a column of [text](xref:Microsoft.ML.Data.TextDataViewType), or two for pairs of texts; or, instead of texts, vectors of text that hold their
/// words. A missing text counts as an empty one.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `InputIds` | Variable-length vector of [Int64](xref:System.Int64) | The ids of the tokens, the model's special tokens included. |
/// | `AttentionMask` | Variable-length vector of [Int64](xref:System.Int64) | 1 for each token, 0 for padding. |
/// | `TokenTypeIds` | Variable-length vector of [Int64](xref:System.Int64) | 1 for the tokens of a second text, as the tokenizer's template has it. Only where the tokenizer's `model_input_names` have `token_type_ids`. |
/// | `Offsets` | Variable-length vector of [Int64](xref:System.Int64) | On request: start and end of each token in its text, or in its word, one after the other, in UTF-16 units; 0 and 0 for special tokens and padding. |
/// | `WordIds` | Variable-length vector of [Int64](xref:System.Int64) | On request: the number of each token's word, from 0; -1 for special tokens and padding. |
/// | `SequenceIds` | Variable-length vector of [Int64](xref:System.Int64) | On request: 0 for tokens of the first text, 1 for those of the second, -1 for special tokens and padding. |
/// | `SpecialTokensMask` | Variable-length vector of [Int64](xref:System.Int64) | On request: 1 for special tokens that were added and for padding, else 0. |
/// | `SampleIndex` | [Int64](xref:System.Int64) | With `ReturnOverflowingTokens`: the number, from 0, of the row of the input that the row comes from. |
///
/// Their annotations say which tokenizer made them; the trainers of `mlContext.HfTrainer` check it against their model.
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
/// Texts are not padded unless asked for: batches are, when they are made. Texts longer than the limit are cut, of a pair the longer text first, and counted in
/// one warning of `MLContext.Log` a pass; or what is cut off becomes rows of its own, which repeat the other columns. Padding and truncation written inside
/// `tokenizer.json` are ignored.
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
        if (options.MaxLength is < 1)
            throw new ArgumentOutOfRangeException("maxLength", options.MaxLength,
                "maxLength is the longest sequence in tokens; it should be at least 1, or null for the model's own limit.");
        var tokenizer = HfTokenizer.FromPretrained(options.Model ?? DefaultModel.Folder(), HubMessages.ToLog(host, options.Hub));
        _host = host;
        var settings = new TokenizeSettingsCheck(host, tokenizer, options, options.MaxLength ?? LongestFor(tokenizer)).ToSettings();
        _transformer = new TokenizeHfTransformer(host, tokenizer, settings);
    }

    /// <summary>The transformer; nothing is learned from the data.</summary>
    /// <param name="input">Data with the text columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or holds neither text nor words, or one of a pair holds texts and the other words.</exception>
    public TokenizeHfTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.Settings.Columns.Check(_host, SchemaShapes.Of(input.Schema));
        return _transformer;
    }

    /// <summary>The columns that the transformer gives.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or holds neither text nor words, or one of a pair holds texts and the other words.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _transformer.Settings.Columns.Check(_host, inputSchema);
        return inputSchema.With([.. _transformer.OutputColumns().Select(SchemaShapes.Of)]);
    }

    // A folder may hold a tokenizer alone; then its own limit is the only one.
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
