using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The settings by which a language model generates text, with the names of Hugging Face: the property <c>MaxNewTokens</c> is <c>max_new_tokens</c> in <c>generation_config.json</c>.
/// A setting that is null is that of the model's own <c>generation_config.json</c>, and if that has none, the default.
/// </summary>
public sealed partial class GenerationConfig : JsonFields
{
    /// <summary>Creates settings of which none is set.</summary>
    public GenerationConfig() : this("the generation settings", [])
    {
    }

    private GenerationConfig(string source, JsonObject fields) : base(source, fields)
    {
    }

    /// <summary>The maximum number of new tokens. Takes precedence over the <see cref="MaxLength"/> of the model.</summary>
    public int? MaxNewTokens { get => GetIntOrNull("max_new_tokens"); set => Put("max_new_tokens", value); }

    /// <summary>The maximum number of tokens, the prompt of a causal model and the start token of an encoder-decoder included. Default: 20 more than the prompt has.</summary>
    public int? MaxLength { get => GetIntOrNull("max_length"); set => Put("max_length", value); }

    /// <summary>The minimum number of new tokens before an end-of-sequence token. Default: 0.</summary>
    public int? MinNewTokens { get => GetIntOrNull("min_new_tokens"); set => Put("min_new_tokens", value); }

    /// <summary>The minimum number of tokens, counted as in <see cref="MaxLength"/>, before an end-of-sequence token. Default: 0.</summary>
    public int? MinLength { get => GetIntOrNull("min_length"); set => Put("min_length", value); }

    /// <summary>The number of seconds after which no further token is begun. Default: no limit.</summary>
    public double? MaxTime { get => Number("max_time"); set => Put("max_time", value); }

    /// <summary>Texts that end a sequence; they stay part of it, and may extend over several tokens. They need a tokenizer. Default: none.</summary>
    public IReadOnlyList<string>? StopStrings
    {
        get => IsText("stop_strings") ? [GetString("stop_strings")] : GetTexts("stop_strings");
        set => Set("stop_strings", value, texts => new JsonArray([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]));
    }

    /// <summary>true to draw each token at random by its probability; false to take the most probable one. Default: false.</summary>
    public bool? DoSample { get => Flag("do_sample"); set => Put("do_sample", value); }

    /// <summary>The number of beams of beam search; 1 for none. Default: 1.</summary>
    public int? NumBeams { get => GetIntOrNull("num_beams"); set => Put("num_beams", value); }

    /// <summary>When beam search is done with a text. Default: <see cref="HfTrainer.EarlyStopping.False"/>.</summary>
    public EarlyStopping? EarlyStopping
    {
        get => Fields["early_stopping"]?.GetValueKind() switch
        {
            null => null,
            JsonValueKind.True => HfTrainer.EarlyStopping.True,
            JsonValueKind.False => HfTrainer.EarlyStopping.False,
            JsonValueKind.String when Text(Fields["early_stopping"]) == "never" => HfTrainer.EarlyStopping.Never,
            _ => throw Error("early_stopping", $"is {Fields["early_stopping"]!.ToJsonString()}", "true, false or \"never\""),
        };
        set => Set("early_stopping", value, stopping => stopping == HfTrainer.EarlyStopping.Never ? JsonValue.Create("never") : JsonValue.Create(stopping == HfTrainer.EarlyStopping.True));
    }

    /// <summary>The exponent of the length by which the log probability of a beam is divided: above 0 longer sequences gain, below 0 shorter ones. Default: 1.</summary>
    public double? LengthPenalty { get => Number("length_penalty"); set => Put("length_penalty", value); }

    /// <summary>The number of sequences for each text. With beams, at most <see cref="NumBeams"/>. Default: 1.</summary>
    public int? NumReturnSequences { get => GetIntOrNull("num_return_sequences"); set => Put("num_return_sequences", value); }

    /// <summary>Keeps the keys and values of earlier tokens, so that each step computes one token. If false, all tokens are computed again, with the same result. Default: true.</summary>
    public bool? UseCache { get => Flag("use_cache"); set => Put("use_cache", value); }

    /// <summary>The number by which scores are divided before a token is drawn: below 1 probable tokens become more probable. Default: 1.</summary>
    public double? Temperature { get => Number("temperature"); set => Put("temperature", value); }

    /// <summary>The number of the most probable tokens that are drawn from; 0 for all. Default: 50.</summary>
    public int? TopK { get => GetIntOrNull("top_k"); set => Put("top_k", value); }

    /// <summary>Draws from the most probable tokens whose probabilities add up to this number (nucleus sampling; Holtzman et al. 2019, arXiv:1904.09751). Default: 1, all tokens.</summary>
    public double? TopP { get => Number("top_p"); set => Put("top_p", value); }

    /// <summary>Draws from tokens that are at least this number times as probable as the most probable one (Nguyen et al. 2024, arXiv:2407.01082). Default: all tokens.</summary>
    public double? MinP { get => Number("min_p"); set => Put("min_p", value); }

    /// <summary>Draws from tokens whose information is closest to the expected one and whose probabilities add up to this number (Meister et al. 2022, arXiv:2202.00666). Default: 1, all tokens.</summary>
    public double? TypicalP { get => Number("typical_p"); set => Put("typical_p", value); }

    /// <summary>Draws from tokens of at least this probability (Hewitt et al. 2022, arXiv:2210.15191). Default: 0, all tokens.</summary>
    public double? EpsilonCutoff { get => Number("epsilon_cutoff"); set => Put("epsilon_cutoff", value); }

    /// <summary>Draws from tokens of at least a probability that depends on the entropy (Hewitt et al. 2022, arXiv:2210.15191). Default: 0, all tokens.</summary>
    public double? EtaCutoff { get => Number("eta_cutoff"); set => Put("eta_cutoff", value); }

    /// <summary>The factor by which the scores of tokens that have occurred are made worse, prompt included (Keskar et al. 2019, arXiv:1909.05858). Default: 1, no penalty.</summary>
    public double? RepetitionPenalty { get => Number("repetition_penalty"); set => Put("repetition_penalty", value); }

    /// <summary>The factor by which the scores of tokens of an encoder's text are made better. Default: 1.</summary>
    public double? EncoderRepetitionPenalty { get => Number("encoder_repetition_penalty"); set => Put("encoder_repetition_penalty", value); }

    /// <summary>The length of token sequences that may occur only once; 0 for no limit. Default: 0.</summary>
    public int? NoRepeatNgramSize { get => GetIntOrNull("no_repeat_ngram_size"); set => Put("no_repeat_ngram_size", value); }

    /// <summary>The length of token sequences of an encoder's text that may not occur in the target; 0 for no limit. Default: 0.</summary>
    public int? EncoderNoRepeatNgramSize { get => GetIntOrNull("encoder_no_repeat_ngram_size"); set => Put("encoder_no_repeat_ngram_size", value); }

    /// <summary>Sequences of token ids that are never generated. Default: none.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? BadWordsIds { get => ReadSequences("bad_words_ids"); set => Set("bad_words_ids", value, words => new JsonArray([.. words.Select(word => (JsonNode)Array(word))])); }

    /// <summary>What is added to the score of the last token of a sequence of token ids when the others precede it. Default: none.</summary>
    public IReadOnlyList<SequenceBias>? SequenceBias
    {
        get => ReadBiases("sequence_bias");
        set => Set("sequence_bias", value, biases => new JsonArray([.. biases.Select(bias => (JsonNode)new JsonArray(Array(bias.TokenIds), JsonValue.Create(Finite(bias.Bias, nameof(SequenceBias)))))]));
    }

    /// <summary>Normalizes scores to log probabilities after all processors. Default: false.</summary>
    public bool? RenormalizeLogits { get => Flag("renormalize_logits"); set => Put("renormalize_logits", value); }

    /// <summary>The token that is forced to be the first one after the start token. Default: none.</summary>
    public int? ForcedBosTokenId { get => GetIntOrNull("forced_bos_token_id"); set => Put("forced_bos_token_id", value); }

    /// <summary>The tokens, usually one, of which one is forced to be the last at the maximum length. Default: none.</summary>
    public IReadOnlyList<int>? ForcedEosTokenIds { get => ReadIds("forced_eos_token_id"); set => PutIds("forced_eos_token_id", value); }

    /// <summary>Replaces scores that are not finite by finite ones. Default: false.</summary>
    public bool? RemoveInvalidValues { get => Flag("remove_invalid_values"); set => Put("remove_invalid_values", value); }

    /// <summary>From so many new tokens on, the score of the end-of-sequence tokens grows exponentially with this factor. Default: none.</summary>
    public (int Start, double Factor)? ExponentialDecayLengthPenalty
    {
        get => ReadDecay("exponential_decay_length_penalty");
        set => Set("exponential_decay_length_penalty", value, decay => new JsonArray(JsonValue.Create(decay.Start), JsonValue.Create(Finite(decay.Factor, nameof(ExponentialDecayLengthPenalty)))));
    }

    /// <summary>Tokens that are never generated. Default: none.</summary>
    public IReadOnlyList<int>? SuppressTokens { get => ReadIds("suppress_tokens"); set => Set("suppress_tokens", value, Array); }

    /// <summary>Tokens that are not generated first. Default: none.</summary>
    public IReadOnlyList<int>? BeginSuppressTokens { get => ReadIds("begin_suppress_tokens"); set => Set("begin_suppress_tokens", value, Array); }

    /// <summary>Keeps the processed scores of each step in <see cref="GenerationOutput.Scores"/>. Default: false.</summary>
    public bool? OutputScores { get => Flag("output_scores"); set => Put("output_scores", value); }

    /// <summary>Keeps the scores of each step as the model gives them in <see cref="GenerationOutput.Logits"/>. Default: false.</summary>
    public bool? OutputLogits { get => Flag("output_logits"); set => Put("output_logits", value); }

    /// <summary>The padding token. Default: the first end-of-sequence token.</summary>
    public int? PadTokenId { get => GetIntOrNull("pad_token_id"); set => Put("pad_token_id", value); }

    /// <summary>The token that begins a text.</summary>
    public int? BosTokenId { get => GetIntOrNull("bos_token_id"); set => Put("bos_token_id", value); }

    /// <summary>The tokens, usually one, that end a sequence.</summary>
    public IReadOnlyList<int>? EosTokenIds { get => ReadIds("eos_token_id"); set => PutIds("eos_token_id", value); }

    /// <summary>The token that the decoder of an encoder-decoder starts with. Default: <see cref="BosTokenId"/>.</summary>
    public int? DecoderStartTokenId { get => GetIntOrNull("decoder_start_token_id"); set => Put("decoder_start_token_id", value); }

    /// <inheritdoc/>
    public override GenerationConfig Clone() => new(Source, (JsonObject)Fields.DeepClone());

    private double? Number(string field) => GetDoubleOrNull(field, null);

    private bool? Flag(string field) => Has(field) ? GetBool(field, false) : null;

    private void Put(string field, int? value) => Set(field, value, number => JsonValue.Create(number));

    private void Put(string field, double? value, [CallerMemberName] string name = "") => Set(field, value, number => JsonValue.Create(Finite(number, name)));

    private void Put(string field, bool? value) => Set(field, value, flag => JsonValue.Create(flag));

    // One id is written as a number.
    private void PutIds(string field, IReadOnlyList<int>? ids) => Set(field, ids, list => list is [var only] ? JsonValue.Create(only) : Array(list));

    private void Set<T>(string field, T? value, Func<T, JsonNode> write) where T : class
    {
        if (value is null)
            Remove(field);
        else
            Set(field, write(value));
    }

    private void Set<T>(string field, T? value, Func<T, JsonNode> write) where T : struct
    {
        if (value is null)
            Remove(field);
        else
            Set(field, write(value.Value));
    }

    // JSON has no others.
    private static double Finite(double number, string name) => double.IsFinite(number) ? number : throw new ArgumentOutOfRangeException(
        name, FormattableString.Invariant($"{name} is {number}; it should be a finite number."));

    private static JsonArray Array(IReadOnlyList<int> ids) => new([.. ids.Select(id => (JsonNode?)JsonValue.Create(id))]);

    private int[]? ReadIds(string field) => !Has(field) ? null : Fields[field] is JsonArray list ? Ids(field, list) : [GetInt(field)];

    private int[][]? ReadSequences(string field) => !Has(field) ? null : [.. Items(Fields[field]).Select(item => Ids(field, item as JsonArray))];

    private SequenceBias[]? ReadBiases(string field)
    {
        if (!Has(field))
            return null;
        return [.. Items(Fields[field]).Select(item => item is JsonArray { Count: 2 } pair && Parsed(pair[1]) is { } bias
            ? new SequenceBias(Ids(field, pair[0] as JsonArray), bias)
            : throw Error(field, $"has {item?.ToJsonString() ?? "null"}", "a list of pairs, each a list of token ids and a number"))];
    }

    private (int, double)? ReadDecay(string field) => GetNumbers(field) switch
    {
        null => null,
        [var start, var factor] when start == Math.Floor(start) && Math.Abs(start) <= int.MaxValue => ((int)start, factor),
        _ => throw Error(field, $"is {Fields[field]!.ToJsonString()}", "a list of a number of tokens and a factor"),
    };

    private int[] Ids(string field, JsonArray? ids) => ids is null
        ? throw Error(field, $"is {Fields[field]!.ToJsonString()}", "a list of lists of token ids")
        : [.. ids.Select(id => Parsed(id) is { } number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : throw Error(field, $"has {id?.ToJsonString() ?? "null"}", "a list of token ids"))];

    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? [node];

    private static double? Parsed(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;
}

/// <summary>What is added to the score of the last of some tokens when the others precede it.</summary>
/// <param name="TokenIds">The token ids.</param>
/// <param name="Bias">The number that is added.</param>
public sealed record SequenceBias(IReadOnlyList<int> TokenIds, double Bias);
