using System.Globalization;

namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>Finds settings that are out of range, that contradict each other, or that are not supported.</summary>
/// <param name="own">The settings of the caller.</param>
/// <param name="all">The same over those of the model.</param>
internal sealed class GenerationFaults(GenerationConfig own, GenerationConfig all)
{
    // The fields of other ways to generate, and the values with which they do nothing.
    private static readonly (string Field, string[] Harmless)[] _unsupported =
    [
        ("guidance_scale", ["1", "1.0"]), ("constraints", []), ("force_words_ids", []), ("num_beam_groups", ["1"]), ("diversity_penalty", ["0", "0.0"]), ("penalty_alpha", ["0", "0.0"]), ("dola_layers", []),
        ("prompt_lookup_num_tokens", []), ("assistant_early_exit", []), ("use_mtp", ["false"]), ("watermarking_config", []), ("token_healing", ["false"]), ("top_h", []), ("prefill_chunk_size", []),
    ];

    /// <summary>Throws an exception that names all faults.</summary>
    /// <param name="vocabulary">The number of token ids; null if it is not known.</param>
    /// <param name="hasTokenizer">true if there is a tokenizer.</param>
    /// <exception cref="ArgumentException">There are faults.</exception>
    /// <exception cref="NotSupportedException">A setting asks for a way to generate that is not supported.</exception>
    public void Check(long? vocabulary, bool hasTokenizer)
    {
        List<string> faults = [.. Ranges(), .. Contradictions(), .. TokenFaults(vocabulary)];
        if (all.StopStrings is { Count: > 0 } && !hasTokenizer)
            faults.Add("StopStrings needs the model's tokenizer in GenerationOptions.Tokenizer");
        if (faults is [var only])
            throw new ArgumentException($"{only}.");
        if (faults.Count > 0)
            throw new ArgumentException($"The generation settings have {faults.Count} faults:\n{string.Join('\n', faults.Select(fault => $"- {fault}."))}");
        var unsupported = _unsupported.Where(entry => all.Copy(entry.Field)?.ToJsonString() is { } value && !entry.Harmless.Contains(value)).Select(entry => $"\"{entry.Field}\" {all.Copy(entry.Field)!.ToJsonString()}").ToList();
        if (unsupported.Count > 0)
            throw new NotSupportedException($"{all.Source}: not supported: {string.Join(", ", unsupported)}. Leave {(unsupported.Count == 1 ? "the field" : "the fields")} out.");
    }

    private IEnumerable<string> Ranges() =>
        from rule in new (bool Holds, string Name, object? Found, string Expected)[]
        {
            (all.MaxNewTokens is null or >= 1, nameof(all.MaxNewTokens), all.MaxNewTokens, "at least 1"),
            (all.MaxLength is null or >= 1, nameof(all.MaxLength), all.MaxLength, "at least 1"),
            (all.MinNewTokens is null or >= 0, nameof(all.MinNewTokens), all.MinNewTokens, "at least 0"),
            (all.MinLength is null or >= 0, nameof(all.MinLength), all.MinLength, "at least 0"),
            (all.MaxTime is null or > 0, nameof(all.MaxTime), all.MaxTime, "above 0"),
            (all.NumBeams is null or >= 1, nameof(all.NumBeams), all.NumBeams, "at least 1"),
            (all.NumReturnSequences is null or >= 1, nameof(all.NumReturnSequences), all.NumReturnSequences, "at least 1"),
            (all.LengthPenalty is null || double.IsFinite(all.LengthPenalty.Value), nameof(all.LengthPenalty), all.LengthPenalty, "a finite number"),
            (all.Temperature is null || all.Temperature > 0 && double.IsFinite(all.Temperature.Value), nameof(all.Temperature), all.Temperature, "above 0; for the most probable tokens set DoSample to false"),
            (all.TopK is null or >= 0, nameof(all.TopK), all.TopK, "at least 0"),
            (all.TopP is null or (>= 0 and <= 1), nameof(all.TopP), all.TopP, "from 0 to 1"),
            (all.MinP is null or (>= 0 and <= 1), nameof(all.MinP), all.MinP, "from 0 to 1"),
            (all.TypicalP is null or (> 0 and <= 1), nameof(all.TypicalP), all.TypicalP, "above 0 and at most 1"),
            (all.EpsilonCutoff is null or (>= 0 and < 1), nameof(all.EpsilonCutoff), all.EpsilonCutoff, "at least 0 and below 1"),
            (all.EtaCutoff is null or (>= 0 and < 1), nameof(all.EtaCutoff), all.EtaCutoff, "at least 0 and below 1"),
            (IsFactor(all.RepetitionPenalty), nameof(all.RepetitionPenalty), all.RepetitionPenalty, "above 0"),
            (IsFactor(all.EncoderRepetitionPenalty), nameof(all.EncoderRepetitionPenalty), all.EncoderRepetitionPenalty, "above 0"),
            (all.NoRepeatNgramSize is null or >= 0, nameof(all.NoRepeatNgramSize), all.NoRepeatNgramSize, "at least 0"),
            (all.EncoderNoRepeatNgramSize is null or >= 0, nameof(all.EncoderNoRepeatNgramSize), all.EncoderNoRepeatNgramSize, "at least 0"),
            (all.StopStrings is null || all.StopStrings.All(text => text.Length > 0), nameof(all.StopStrings), "a list with an empty text", "a list of texts that are not empty"),
        }
        where !rule.Holds
        select $"{rule.Name} is {Show(rule.Found)}; it should be {rule.Expected}";

    private IEnumerable<string> Contradictions()
    {
        foreach (var (name, value, ofSampling, isNeutral) in Strategies().Where(setting => setting.Value is not null && !setting.IsNeutral))
        {
            if (ofSampling && all.DoSample != true)
                yield return $"{name} is {Show(value)} and DoSample is {Show(all.DoSample ?? false)}: {name} applies to sampling alone. Set DoSample to true, or leave {name} out";
            if (!ofSampling && all.NumBeams is null or 1)
                yield return $"{name} is {Show(value)} and NumBeams is 1: {name} applies to beam search alone. Set NumBeams, or leave {name} out";
        }
        if (all.NumReturnSequences is > 1 and var count)
        {
            if (all.NumBeams is > 1 and var beams && count > beams)
                yield return $"NumReturnSequences is {count} and NumBeams is {beams}: there are no more sequences than beams. Set NumReturnSequences to at most {beams}";
            if (all.NumBeams is null or 1 && all.DoSample != true)
                yield return $"NumReturnSequences is {count}, NumBeams is 1 and DoSample is false: the most probable tokens give one sequence. Set NumBeams or DoSample";
        }
        foreach (var (first, a, second, b) in new[] { (nameof(all.MaxNewTokens), own.MaxNewTokens, nameof(all.MaxLength), own.MaxLength), (nameof(all.MinNewTokens), own.MinNewTokens, nameof(all.MinLength), own.MinLength) })
            if (a is not null && b is not null)
                yield return $"{first} is {a} and {second} is {b}: both limit the same. Set one of them";
        foreach (var (least, a, most, b) in new[] { (nameof(all.MinNewTokens), all.MinNewTokens, nameof(all.MaxNewTokens), all.MaxNewTokens), (nameof(all.MinLength), own.MinLength, nameof(all.MaxLength), own.MaxLength) })
            if (a > b)
                yield return $"{least} is {a} and {most} is {b}: the minimum is above the maximum";
        if (all.MaxNewTokens is null && all.MinNewTokens >= all.MaxLength)
            yield return $"MinNewTokens is {all.MinNewTokens} and MaxLength is {all.MaxLength}, in which the tokens before the new ones count too: the minimum is above the maximum. Lower MinNewTokens, or set MaxNewTokens";
        foreach (var (forced, tokens) in new[] { (nameof(all.ForcedBosTokenId), all.ForcedBosTokenId is { } first ? [first] : null), (nameof(all.ForcedEosTokenIds), all.ForcedEosTokenIds) })
            if (tokens is { Count: > 0 } && all.SuppressTokens is { } never && tokens.All(never.Contains))
                yield return $"{forced} is {string.Join(", ", tokens)} and SuppressTokens has {(tokens.Count == 1 ? "it" : "them")} too: a token cannot be both forced and suppressed";
    }

    // Settings of the caller that apply to one way of choosing tokens alone; those of the model are meant for another call.
    private IEnumerable<(string Name, object? Value, bool OfSampling, bool IsNeutral)> Strategies() =>
    [
        (nameof(own.Temperature), own.Temperature, true, own.Temperature == 1),
        (nameof(own.TopK), own.TopK, true, own.TopK is 0 or 50),
        (nameof(own.TopP), own.TopP, true, own.TopP == 1),
        (nameof(own.MinP), own.MinP, true, own.MinP == 0),
        (nameof(own.TypicalP), own.TypicalP, true, own.TypicalP == 1),
        (nameof(own.EpsilonCutoff), own.EpsilonCutoff, true, own.EpsilonCutoff == 0),
        (nameof(own.EtaCutoff), own.EtaCutoff, true, own.EtaCutoff == 0),
        (nameof(own.EarlyStopping), own.EarlyStopping, false, own.EarlyStopping == EarlyStopping.False),
        (nameof(own.LengthPenalty), own.LengthPenalty, false, own.LengthPenalty == 1),
    ];

    private IEnumerable<string> TokenFaults(long? vocabulary)
    {
        foreach (var (name, ids) in new (string, IEnumerable<int>?)[]
        {
            (nameof(all.ForcedBosTokenId), all.ForcedBosTokenId is { } first ? [first] : null), (nameof(all.ForcedEosTokenIds), all.ForcedEosTokenIds),
            (nameof(all.DecoderStartTokenId), all.DecoderStartTokenId is { } start ? [start] : null),
            (nameof(own.SuppressTokens), own.SuppressTokens), (nameof(own.BeginSuppressTokens), own.BeginSuppressTokens), (nameof(all.BadWordsIds), all.BadWordsIds?.SelectMany(word => word)),
            (nameof(all.SequenceBias), all.SequenceBias?.SelectMany(bias => bias.TokenIds)),
        })
        {
            if (ids?.Where(id => id < 0 || id >= vocabulary).Select(id => (int?)id).FirstOrDefault() is { } wrong)
                yield return $"{name} has the token id {wrong}; it should be {(vocabulary is null ? "at least 0" : $"from 0 to {vocabulary - 1}, the ids of the model")}";
        }
        if (all.BadWordsIds?.Any(word => word.Count == 0) == true || all.SequenceBias?.Any(bias => bias.TokenIds.Count == 0) == true)
            yield return $"{(all.BadWordsIds?.Any(word => word.Count == 0) == true ? nameof(all.BadWordsIds) : nameof(all.SequenceBias))} has an empty sequence; each should have a token";
    }

    private static bool IsFactor(double? value) => value is null || value > 0 && double.IsFinite(value.Value);

    private static string Show(object? value) => value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";
}
