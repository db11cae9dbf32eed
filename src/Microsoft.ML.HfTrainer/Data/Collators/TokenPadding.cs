namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>Determines how token features are padded: the values, the side and the length.</summary>
internal sealed class TokenPadding
{
    private const string Ids = "input_ids", Mask = "attention_mask";

    private readonly Dictionary<string, int> _values;
    private readonly PaddingStrategy _strategy;
    private readonly int? _maxLength, _labelLength, _multipleOf;
    private readonly bool _makesMask;

    /// <summary>Creates the padding with the settings of a tokenizer.</summary>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is invalid.</exception>
    public TokenPadding(HfTokenizer tokenizer, PaddingStrategy strategy, int? maxLength, int? multipleOf)
        : this(PadTokenOf(tokenizer), tokenizer.PadTokenTypeId, tokenizer.PaddingSide, strategy, maxLength ?? tokenizer.ModelMaxLength, multipleOf)
    {
        _labelLength = maxLength;
        _makesMask = tokenizer.ModelInputNames.Contains(Mask);
    }

    public TokenPadding(int padTokenId, int padTokenTypeId, Side side, PaddingStrategy strategy, int? maxLength, int? multipleOf)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(padTokenId);
        ArgumentOutOfRangeException.ThrowIfNegative(padTokenTypeId);
        if (!Enum.IsDefined(strategy))
            throw new ArgumentOutOfRangeException("padding", strategy, $"padding is {strategy}; it should be one of {string.Join(", ", Enum.GetNames<PaddingStrategy>())}.");
        if (multipleOf < 1)
            throw new ArgumentException($"padToMultipleOf is {multipleOf}; it should be at least 1, or null.", nameof(multipleOf));
        if (maxLength < 1 || strategy == PaddingStrategy.MaxLength && maxLength is null)
            throw new ArgumentException($"maxLength is {maxLength?.ToString() ?? "null, and the tokenizer sets no model_max_length"}; to pad to MaxLength, it should be at least 1.", nameof(maxLength));
        _values = new Dictionary<string, int> { [Ids] = padTokenId, ["token_type_ids"] = padTokenTypeId, [Mask] = 0, ["special_tokens_mask"] = 1, ["offset_mapping"] = 0 };
        (PadTokenId, Side, _strategy, _maxLength, _labelLength, _multipleOf, _makesMask) = (padTokenId, side, strategy, maxLength, maxLength, multipleOf, true);
    }

    public int PadTokenId { get; }

    public Side Side { get; }

    /// <summary>Returns the examples with an attention mask added if they lack one, after checking that the features of the tokens agree in length.</summary>
    /// <exception cref="InvalidDataException">An example has no <c>input_ids</c>, or another number of values than of tokens in a feature.</exception>
    public IReadOnlyList<Example> Complete(IReadOnlyList<Example> examples)
    {
        var padded = _values.Keys.Where(name => examples.Count > 0 && examples[0].ContainsKey(name)).ToList();
        for (var row = 0; row < examples.Count; row++)
        {
            if (!examples[row].TryGetValue(Ids, out var ids))
                throw new InvalidDataException($"Example {row} of the batch has no '{Ids}' to pad; it has {string.Join(", ", examples[row].Keys)}.");
            if (padded.Find(name => examples[row].TryGetValue(name, out var feature) && !feature.IsDefault && feature.Count != ids.Count) is { } odd)
                throw new InvalidDataException($"Example {row} of the batch has {examples[row][odd].Count} numbers in '{odd}' and {ids.Count} in '{Ids}'; it should have one for each token.");
        }
        return _makesMask && examples.Count > 0 && !examples[0].ContainsKey(Mask) ? [.. examples.Select(WithMask)] : examples;
    }

    /// <summary>Returns a function that gives the padding of each feature of the examples, or null for a feature that is not padded.</summary>
    public Func<string, Padding?> For(IReadOnlyList<Example> examples)
    {
        if (_strategy == PaddingStrategy.DoNotPad || examples.Count == 0)
            return _ => null;
        var length = LengthOf([.. examples.Select(e => e[Ids].Count)], Ids, _maxLength);
        return name => _values.TryGetValue(name, out var value) ? new Padding(value, length, Side) : null;
    }

    /// <summary>Returns the padding of labels, whose length is independent of that of the inputs.</summary>
    public Padding? ForLabels(IReadOnlyList<Example> examples, string name, int value) => _strategy == PaddingStrategy.DoNotPad
        ? null
        : new Padding(value, LengthOf([.. examples.Select(e => e.TryGetValue(name, out var labels) ? labels.Count : 0)], name, _labelLength), Side);

    private int LengthOf(int[] counts, string name, int? maxLength)
    {
        var longest = counts.Max();
        var length = _strategy == PaddingStrategy.MaxLength ? maxLength ?? longest : longest;
        if (_multipleOf is { } multiple)
            length = checked((length + multiple - 1) / multiple * multiple);
        // Nothing is truncated: examples that are all too long but of the same length still form a batch.
        return longest <= length || counts.Min() == longest ? Math.Max(length, longest) : throw new InvalidDataException(
            $"Example {Array.IndexOf(counts, longest)} of the batch has {longest} numbers in '{name}', more than the {length} that it is padded to; truncate when tokenizing, or raise maxLength.");
    }

    private static Example WithMask(Example example)
    {
        var ones = new int[example[Ids].Count];
        Array.Fill(ones, 1);
        return new Example(example) { [Mask] = ones };
    }

    private static int PadTokenOf(HfTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer.PadTokenId ?? throw new ArgumentException(
            $"The tokenizer '{tokenizer.Name}' has no padding token, so examples of different lengths cannot be batched; name one in its tokenizer_config.json (\"pad_token\").", nameof(tokenizer));
    }
}
