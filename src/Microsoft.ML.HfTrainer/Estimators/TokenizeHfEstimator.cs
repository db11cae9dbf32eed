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
/// The input is a column of [text](xref:Microsoft.ML.Data.TextDataViewType), or two for pairs of texts. A missing text counts as an empty one.
///
/// | Output Column Name | Column Type | Description |
/// | -- | -- | -- |
/// | `InputIds` | Variable-length vector of [Int64](xref:System.Int64) | The ids of the tokens, the model's special tokens included. |
/// | `AttentionMask` | Variable-length vector of [Int64](xref:System.Int64) | 1 for each token. |
/// | `TokenTypeIds` | Variable-length vector of [Int64](xref:System.Int64) | 1 for the tokens of a second text, where the model tells it apart. |
///
/// Their annotations say which tokenizer made them; the trainers of `mlContext.HfTrainer` check it against their model.
///
/// ### Estimator Characteristics
/// | Question | Answer |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | [Text](xref:Microsoft.ML.Data.TextDataViewType) |
/// | Output column data type | Variable-length vector of [Int64](xref:System.Int64) |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.HfTrainer |
/// | Exportable to ONNX | No |
///
/// Texts are not padded: batches are, when they are made. Texts longer than the limit are cut at their end, of a pair the longer text first, and counted in one
/// warning of `MLContext.Log` a pass. Padding and truncation written inside `tokenizer.json` are ignored.
/// ]]></format>
/// </remarks>
public sealed class TokenizeHfEstimator : IEstimator<TokenizeHfTransformer>
{
    private readonly MlHost _host;
    private readonly TokenizeHfTransformer _transformer;

    internal TokenizeHfEstimator(MlHost host, string textColumnName, string? pairColumnName, string? model, int? maxLength, HubOptions? hub = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(textColumnName);
        if (maxLength is < 1)
            throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength,
                "maxLength is the longest sequence in tokens; it should be at least 1, or null for the model's own limit.");
        var tokenizer = HfTokenizer.FromPretrained(model ?? DefaultModel.Folder(), HubMessages.ToLog(host, hub));
        _host = host;
        _transformer = new TokenizeHfTransformer(host, tokenizer, new TextColumns(textColumnName, pairColumnName), maxLength ?? LongestFor(tokenizer));
    }

    /// <summary>The transformer; nothing is learned from the data.</summary>
    /// <param name="input">Data with the text columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or is no text.</exception>
    public TokenizeHfTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.Columns.Check(_host, SchemaShapes.Of(input.Schema));
        return _transformer;
    }

    /// <summary>The columns that the transformer gives.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A text column is missing or is no text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _transformer.Columns.Check(_host, inputSchema);
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
