using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>The settings of tokenizer_config.json that are not part of the pipeline.</summary>
internal sealed record TokenizerSettings(
    int? ModelMaxLength, int PadTokenTypeId, Side PaddingSide, Side TruncationSide, IReadOnlyList<string> ModelInputNames, bool CleanUpTokenizationSpaces)
{
    // The configuration represents "no limit" by 10^30.
    private const double NoLimit = 1e9;

    private static readonly string[] WithTypes = ["input_ids", "token_type_ids", "attention_mask"], WithoutTypes = ["input_ids", "attention_mask"];

    // The input names of each class, in order; classes not listed have no token_type_ids.
    private static readonly Dictionary<string, string[]> Inputs = new(StringComparer.Ordinal)
    {
        ["BertTokenizer"] = WithTypes,
        ["ConvBertTokenizer"] = WithTypes,
        ["DebertaTokenizer"] = ["input_ids", "attention_mask", "token_type_ids"],
        ["DebertaV2Tokenizer"] = ["input_ids", "attention_mask", "token_type_ids"],
        ["ElectraTokenizer"] = WithTypes,
        ["FunnelTokenizer"] = WithTypes,
        ["LxmertTokenizer"] = WithTypes,
        ["MobileBertTokenizer"] = WithTypes,
    };

    /// <summary>
    /// Reads the configuration; <paramref name="isWordPiece"/> determines what a tokenizer without a class is taken for. Sides that the configuration
    /// does not specify are taken from <c>padding</c> and <c>truncation</c> in tokenizer.json, and otherwise from the class.
    /// </summary>
    public static TokenizerSettings Read(PartReader? configuration, PartReader? tokenizer, string? tokenizerClass, bool isWordPiece)
    {
        var (name, usual) = (tokenizerClass is null ? null : TokenizerClass.WithoutFast(tokenizerClass), TokenizerClass.Find(tokenizerClass));
        var inputs = configuration?.Child("model_input_names") is null
            ? name is null && isWordPiece ? WithTypes : Inputs.GetValueOrDefault(name ?? "", WithoutTypes)
            : (IReadOnlyList<string>)configuration.Value.Items("model_input_names", input => input.AsText());
        var (padding, truncation) = (tokenizer?.Child("padding"), tokenizer?.Child("truncation"));
        return new TokenizerSettings(
            ReadLimit(configuration, usual.MaxLength),
            configuration?.OptionalNumber("pad_token_type_id") ?? padding?.OptionalNumber("pad_type_id") ?? 0,
            ReadSide(configuration, "padding_side") ?? ReadSide(padding, "direction") ?? usual.PaddingSide,
            ReadSide(configuration, "truncation_side") ?? ReadSide(truncation, "direction") ?? Side.Right,
            inputs,
            configuration?.OptionalFlag("clean_up_tokenization_spaces") ?? false);
    }

    private static int? ReadLimit(PartReader? configuration, int? usual)
    {
        if ((configuration?.Child("model_max_length") ?? configuration?.Child("max_len")) is not { } json)
            return usual;
        if (json.Element.ValueKind != JsonValueKind.Number || !json.Element.TryGetDouble(out var limit) || limit < 1)
            throw json.Error($"found {json.Element.GetRawText()}; it must be a number of tokens.");
        return limit < NoLimit ? (int)limit : null;
    }

    private static Side? ReadSide(PartReader? json, string name) => json?.OptionalText(name) switch
    {
        null => null,
        "right" or "Right" => Side.Right,
        "left" or "Left" => Side.Left,
        var other => throw json!.Value.Error($"'{name}' is '{other}'; it must be 'left' or 'right'."),
    };
}
