using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Creates the processors of settings, in the order of Hugging Face Transformers.</summary>
/// <param name="config">The settings.</param>
/// <param name="promptLength">The number of tokens of each row at the beginning.</param>
/// <param name="maxLength">The number of tokens at which every sequence ends.</param>
internal sealed class ProcessorList(GenerationConfig config, int promptLength, int maxLength)
{
    /// <summary>The tokens of the encoder, <c>[texts, length]</c> int64. If null, there is no encoder.</summary>
    public Tensor? Source { get; init; }

    /// <summary>The number of tokens of padding before each text, <c>[texts, 1]</c> int64. If null, there are none.</summary>
    public Tensor? Padding { get; init; }

    /// <summary>Creates the processors; the tensors that they hold belong to the current dispose scope.</summary>
    /// <param name="own">Processors of the caller's, which run between those that forbid or force tokens and those that narrow down what is drawn.</param>
    /// <param name="vocabulary">The number of tokens that are scored.</param>
    /// <param name="device">The device of the scores.</param>
    public IReadOnlyList<LogitsProcessor> Create(IReadOnlyList<LogitsProcessor> own, long vocabulary, Device device) =>
        [.. Rules(vocabulary, device), .. own, .. config.DoSample == true ? Narrowing() : [], .. config.RenormalizeLogits == true ? [new NormalizedScores()] : Array.Empty<LogitsProcessor>()];

    private IEnumerable<LogitsProcessor> Rules(long vocabulary, Device device)
    {
        Tensor Mask(IEnumerable<int> tokens) => TokenMask.Of(tokens, vocabulary, device);
        var ends = config.EosTokenIds ?? [];
        if (config.SequenceBias is { Count: > 0 } biases)
            yield return new SequenceBiases(biases, vocabulary, device);
        if (config.EncoderRepetitionPenalty is { } better and not 1 && Source is not null)
            yield return new EncoderRepetitionPenalty(better, Source);
        if (config.RepetitionPenalty is { } penalty and not 1)
            yield return new RepetitionPenalty(penalty, Padding);
        if (config.NoRepeatNgramSize is > 0 and var size)
            yield return new NoRepeatedNgrams(size);
        if (config.EncoderNoRepeatNgramSize is > 0 and var sourceSize && Source is not null)
            yield return new NoRepeatedNgrams(sourceSize, Source);
        // A sequence may always end.
        if (config.BadWordsIds?.Where(word => word is not [var only] || !ends.Contains(only)).Select(word => new SequenceBias(word, double.NegativeInfinity)).ToList() is { Count: > 0 } words)
            yield return new SequenceBiases(words, vocabulary, device);
        if (Math.Max(config.MinLength ?? 0, config.MinNewTokens is { } added ? promptLength + added : 0) is > 0 and var least && ends.Count > 0)
            yield return new ForbiddenTokens(Mask(ends), length => length < least);
        if (config.ForcedBosTokenId is { } first)
            yield return new ForcedTokens(Mask([first]), 1);
        if (config.ForcedEosTokenIds is { } last)
            yield return new ForcedTokens(Mask(last), maxLength - 1);
        if (config.RemoveInvalidValues == true)
            yield return new FiniteScores();
        if (config.ExponentialDecayLengthPenalty is { } decay && ends.Count > 0)
            yield return new DecayingLengthPenalty(decay.Start + promptLength, decay.Factor, Mask(ends));
        if (config.SuppressTokens is { } never)
            yield return new ForbiddenTokens(Mask(never), _ => true);
        if (config.BeginSuppressTokens is { } notFirst)
        {
            var begin = promptLength > 1 || config.ForcedBosTokenId is null ? promptLength : promptLength + 1;
            yield return new ForbiddenTokens(Mask(notFirst), length => length == begin);
        }
    }

    private IEnumerable<LogitsProcessor> Narrowing()
    {
        // Beams need a token to go on with besides those that end them.
        var least = config.NumBeams > 1 ? (config.EosTokenIds is { } ends ? ends.Count + 1 : 2) : 1;
        if (config.Temperature is { } temperature and not 1)
            yield return new Temperature(temperature);
        if ((config.TopK ?? 50) is > 0 and var count)
            yield return new TopK(count, least);
        if (config.TopP is < 1 and var mass)
            yield return new TopP(mass, least);
        if (config.MinP is { } share)
            yield return new MinP(share, least);
        if (config.TypicalP is < 1 and var typical)
            yield return new TypicalP(typical, least);
        if (config.EpsilonCutoff is > 0 and < 1 and var epsilon)
            yield return new EpsilonCutoff(epsilon, least);
        if (config.EtaCutoff is > 0 and < 1 and var eta)
            yield return new EtaCutoff(eta, least);
    }
}
