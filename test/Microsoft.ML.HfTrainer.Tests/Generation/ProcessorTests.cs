using Microsoft.ML.HfTrainer.Generation.Processors;
using Microsoft.ML.HfTrainer.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

/// <summary>Every processor against numbers computed by hand.</summary>
[TestClass]
public class ProcessorTests
{
    private const float None = float.NegativeInfinity;

    // Probabilities 0.4, 0.3, 0.2 and 0.1.
    private static readonly float[] _scores = [MathF.Log(0.4f), MathF.Log(0.3f), MathF.Log(0.2f), MathF.Log(0.1f)];

    [TestMethod]
    public void Temperature_divides() => AssertScores([1, -0.5f, 4], new Temperature(0.5), [0], [2, -1, 8]);

    [TestMethod]
    public void Top_k_keeps_the_most_probable() => AssertKept("0 1", new TopK(2, 1));

    [TestMethod]
    public void Top_k_keeps_tokens_that_beams_need() => AssertKept("0 1 2", new TopK(1, 3));

    // The least probable ones go as long as their sum is at most 1 - p: 0.1 and 0.1 + 0.2.
    [TestMethod]
    [DataRow(0.69, "0 1")]
    [DataRow(0.71, "0 1 2")]
    [DataRow(0.0, "0")]
    public void Top_p_keeps_what_makes_up_the_mass(double mass, string kept) => AssertKept(kept, new TopP(mass, 1));

    [TestMethod]
    [DataRow(0.74, "0 1")]
    [DataRow(0.76, "0")]
    public void Min_p_compares_with_the_most_probable(double share, string kept) => AssertKept(kept, new MinP(share, 1));

    // The entropy is 1.2799; the distances of -log p from it are 0.364, 0.076, 0.330 and 1.023, so tokens come in the order 1, 2, 0, 3.
    [TestMethod]
    [DataRow(0.2, "1")]
    [DataRow(0.4, "1 2")]
    [DataRow(0.6, "0 1 2")]
    public void Typical_p_keeps_what_is_closest_to_the_entropy(double mass, string kept) => AssertKept(kept, new TypicalP(mass, 1));

    [TestMethod]
    public void Epsilon_cuts_off_by_probability() => AssertKept("0 1", new EpsilonCutoff(0.25, 1));

    // √0.5 · exp(-1.2799) = 0.1966 is below 0.5 and above 0.1 alone.
    [TestMethod]
    public void Eta_cuts_off_by_the_entropy() => AssertKept("0 1 2", new EtaCutoff(0.5, 1));

    [TestMethod]
    public void A_repeated_token_scores_worse_however_often_it_occurs() => AssertScores([1, -2, 3, -4], new RepetitionPenalty(2), [0, 1, 1, 0], [0.5f, -4, 3, -4]);

    [TestMethod]
    public void Padding_is_not_a_repeated_token()
    {
        using var padding = tensor(new long[] { 1 }).view(1, 1);
        AssertScores([1, -2, 3, -4], new RepetitionPenalty(2, padding), [0, 1, 1], [1, -4, 3, -4]);
        AssertScores([1, -2, 3, -4], new RepetitionPenalty(2, padding), [0, 1, 0], [0.5f, -4, 3, -4]);
    }

    [TestMethod]
    public void A_token_of_the_source_scores_better()
    {
        using var source = TinyDecoder.Ids([2, 1]);
        AssertScores([1, -2, 3, -4], new EncoderRepetitionPenalty(2, source), [0], [1, -1, 6, -4]);
    }

    [TestMethod]
    [DataRow(1, new long[] { 0, 2 }, "1 3")]
    [DataRow(2, new long[] { 0, 2, 1, 0 }, "0 1 3")]
    [DataRow(2, new long[] { 0, 2, 0, 1, 0 }, "0 3")]
    [DataRow(3, new long[] { 0, 2, 1, 0, 2 }, "0 2 3")]
    [DataRow(3, new long[] { 0, 2 }, "0 1 2 3")]
    public void An_ngram_is_not_completed_twice(int size, long[] ids, string kept) => AssertKept(kept, new NoRepeatedNgrams(size), ids);

    [TestMethod]
    public void An_ngram_of_the_source_is_not_copied()
    {
        using var source = TinyDecoder.Ids([3, 1, 2]);
        AssertKept("0 1 3", new NoRepeatedNgrams(2, source), [1]);
        AssertKept("0 1 2 3", new NoRepeatedNgrams(2, source), [2]);
    }

    [TestMethod]
    public void Biases_apply_behind_their_prefix()
    {
        using var scope = NewDisposeScope();
        var processor = new SequenceBiases([new([1], 10), new([3, 2], 5), new([2, 3], None), new([0, 0, 0], 7)], 4, CPU);
        AssertScores([1, 1, 1, 1], processor, [3], [1, 11, 6, 1]);
        AssertScores([1, 1, 1, 1], processor, [0, 2], [1, 11, 1, None]);
        AssertScores([1, 1, 1, 1], processor, [0, 0], [8, 11, 1, 1]);
    }

    [TestMethod]
    public void Tokens_are_forbidden_and_forced_at_their_lengths()
    {
        using var tokens = TokenMask.Of([1, 9], 4, CPU);
        AssertScores([1, 2, 3, 4], new ForbiddenTokens(tokens, length => length < 2), [0], [1, None, 3, 4]);
        AssertScores([1, 2, 3, 4], new ForbiddenTokens(tokens, length => length < 2), [0, 0], [1, 2, 3, 4]);
        AssertScores([1, 2, 3, 4], new ForcedTokens(tokens, 2), [0, 0], [None, 0, None, None]);
        AssertScores([1, 2, 3, 4], new ForcedTokens(tokens, 2), [0], [1, 2, 3, 4]);
    }

    // |score| · (1.5² - 1) is added two tokens after the start.
    [TestMethod]
    public void The_end_becomes_more_probable_with_the_length()
    {
        using var tokens = TokenMask.Of([1, 2], 4, CPU);
        AssertScores([4, 4, -4, 4], new DecayingLengthPenalty(1, 1.5, tokens), [0, 0, 0], [4, 9, 1, 4]);
        AssertScores([4, None, -4, 4], new DecayingLengthPenalty(3, 1.5, tokens), [0, 0, 0], [4, None, -4, 4]);
    }

    [TestMethod]
    public void Invalid_scores_become_finite() => AssertScores([float.NaN, float.PositiveInfinity, None, 2], new FiniteScores(), [0], [0, float.MaxValue, float.MinValue, 2]);

    [TestMethod]
    public void Scores_become_log_probabilities() => AssertScores([MathF.Log(4), MathF.Log(3), MathF.Log(2), 0], new NormalizedScores(), [0], _scores);

    // The settings of which each processor is made, in the order in which they run, and where one of the caller's runs.
    [TestMethod]
    public void Settings_give_processors_in_their_order()
    {
        using var scope = NewDisposeScope();
        var own = new Temperature(1);
        var config = new GenerationConfig
        {
            SequenceBias = [new([1], 1)], RepetitionPenalty = 1.1, NoRepeatNgramSize = 2, BadWordsIds = [[1, 2], [0]], MinNewTokens = 2, ForcedBosTokenId = 1, ForcedEosTokenIds = [0], RemoveInvalidValues = true,
            ExponentialDecayLengthPenalty = (2, 1.1), SuppressTokens = [1], BeginSuppressTokens = [2], EosTokenIds = [0], DoSample = true, Temperature = 0.5, TopK = 3, TopP = 0.9, MinP = 0.1, TypicalP = 0.9,
            EpsilonCutoff = 0.1, EtaCutoff = 0.1, RenormalizeLogits = true, EncoderRepetitionPenalty = 1.1, EncoderNoRepeatNgramSize = 2,
        };
        var made = new ProcessorList(config, promptLength: 1, maxLength: 9) { Source = TinyDecoder.Ids([1]) }.Create([own], 4, CPU);
        Assert.AreEqual(
            "SequenceBiases EncoderRepetitionPenalty RepetitionPenalty NoRepeatedNgrams NoRepeatedNgrams SequenceBiases ForbiddenTokens ForcedTokens ForcedTokens FiniteScores DecayingLengthPenalty "
            + "ForbiddenTokens ForbiddenTokens Temperature Temperature TopK TopP MinP TypicalP EpsilonCutoff EtaCutoff NormalizedScores",
            string.Join(' ', made.Select(processor => processor.GetType().Name)));
        Assert.AreSame(own, made[13]);
    }

    [TestMethod]
    public void Nothing_is_processed_by_default() => Assert.IsEmpty(new ProcessorList(new GenerationConfig { EosTokenIds = [0] }, 1, 9).Create([], 4, CPU));

    private static void AssertKept(string kept, LogitsProcessor processor, params long[] ids)
    {
        var processed = Process(_scores, processor, ids.Length > 0 ? ids : [0]);
        Assert.AreEqual(kept, string.Join(' ', processed.Index().Where(score => score.Item > None).Select(score => score.Index)));
        foreach (var (index, score) in processed.Index().Where(score => score.Item > None))
            Assert.AreEqual(_scores[index], score);
    }

    private static void AssertScores(float[] scores, LogitsProcessor processor, long[] ids, float[] expected)
    {
        foreach (var (should, found) in expected.Zip(Process(scores, processor, ids)))
            Assert.AreEqual(should, found, 1e-5f);
    }

    private static float[] Process(float[] scores, LogitsProcessor processor, long[] ids)
    {
        using var scope = NewDisposeScope();
        return GoldenTensor.Of(processor.Process(TinyDecoder.Ids(ids), tensor(scores).view(1, -1).clone())).Values;
    }
}
