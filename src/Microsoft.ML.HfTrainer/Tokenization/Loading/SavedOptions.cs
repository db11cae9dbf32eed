namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>Reads the truncation and padding stored in tokenizer.json, as options that a caller may pass.</summary>
internal static class SavedOptions
{
    private static readonly Dictionary<string, TruncationStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["LongestFirst"] = TruncationStrategy.LongestFirst,
        ["OnlyFirst"] = TruncationStrategy.OnlyFirst,
        ["OnlySecond"] = TruncationStrategy.OnlySecond,
    };

    private static readonly Dictionary<string, Side> Sides = new(StringComparer.Ordinal) { ["Right"] = Side.Right, ["Left"] = Side.Left };

    public static EncodeOptions Read(PartReader? tokenizer)
    {
        var options = tokenizer?.Child("truncation") is { } truncation ? ReadTruncation(truncation) : EncodeOptions.Default;
        return tokenizer?.Child("padding") is { } padding ? options with { Padding = ReadPadding(padding) } : options;
    }

    private static EncodeOptions ReadTruncation(PartReader json) => new()
    {
        MaxLength = FromZero(json.Required("max_length")),
        Stride = FromZero(json.Child("stride")) ?? 0,
        Truncation = Choice(json, "strategy", Strategies),
        TruncationSide = Choice(json, "direction", Sides),
    };

    private static PadOptions ReadPadding(PartReader json) => new()
    {
        Length = ReadLength(json),
        // 0 stands for no rounding.
        MultipleOf = FromZero(json.Child("pad_to_multiple_of")) is > 0 and var multiple ? multiple : null,
        Side = Choice(json, "direction", Sides),
        PadId = FromZero(json.Child("pad_id")),
        PadTypeId = FromZero(json.Child("pad_type_id")),
    };

    // Either the string BatchLongest or an object {"Fixed": length}.
    private static int? ReadLength(PartReader json)
    {
        var strategy = json.Required("strategy");
        if (strategy.Child("Fixed") is { } length)
            return FromZero(length);
        return strategy.AsText() is "BatchLongest" ? null : throw strategy.Error($"found '{strategy.AsText()}'; it must be BatchLongest or have a Fixed length.");
    }

    private static int? FromZero(PartReader? json) =>
        json?.AsNumber() is not { } number ? null : number >= 0 ? number : throw json.Value.Error($"found {number}; it must be 0 or more.");

    private static T Choice<T>(PartReader json, string name, Dictionary<string, T> choices)
        where T : struct
    {
        var value = json.OptionalText(name);
        return value is null ? default : choices.TryGetValue(value, out var choice)
            ? choice
            : throw json.Error($"'{name}' is '{value}'; it must be one of {string.Join(", ", choices.Keys)}.");
    }
}
