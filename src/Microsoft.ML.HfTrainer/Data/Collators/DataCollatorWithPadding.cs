using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Pads token features to the longest example of the batch: <c>input_ids</c> with the padding id, <c>token_type_ids</c> and <c>attention_mask</c>
/// with 0, on the tokenizer's padding side. <c>label</c> and <c>label_ids</c> become <c>labels</c>; other features are stacked.
/// </summary>
public sealed class DataCollatorWithPadding : IDataCollator
{
    private readonly Dictionary<string, int> _padding;
    private readonly Side _side;
    private readonly int? _multipleOf;

    /// <summary>Pads as a tokenizer says.</summary>
    /// <param name="tokenizer">Gives the padding id, the padding token type and the side.</param>
    /// <param name="padToMultipleOf">Rounds the length up to a multiple; null: the longest example's.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token.</exception>
    public DataCollatorWithPadding(HfTokenizer tokenizer, int? padToMultipleOf = null)
        : this(tokenizer.PadTokenId ?? throw new ArgumentException($"The tokenizer '{tokenizer.Name}' has no padding token, so examples of different lengths cannot be batched; name one in its tokenizer_config.json (\"pad_token\").", nameof(tokenizer)),
            tokenizer.PadTokenTypeId, tokenizer.PaddingSide, padToMultipleOf)
    {
    }

    /// <summary>Pads with given values.</summary>
    public DataCollatorWithPadding(int padTokenId, int padTokenTypeId = 0, Side side = Side.Right, int? padToMultipleOf = null)
    {
        _padding = new Dictionary<string, int> { ["input_ids"] = padTokenId, ["token_type_ids"] = padTokenTypeId, ["attention_mask"] = 0, ["special_tokens_mask"] = 1 };
        (_side, _multipleOf) = (side, padToMultipleOf);
    }

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var longest = examples.Max(e => e.TryGetValue("input_ids", out var ids) ? ids.Length : 0);
        var length = _multipleOf is { } multiple ? (longest + multiple - 1) / multiple * multiple : longest;
        return new BatchBuilder(examples).Build(name => _padding.TryGetValue(name, out var value) ? new Padding(value, length, _side) : null);
    }
}
