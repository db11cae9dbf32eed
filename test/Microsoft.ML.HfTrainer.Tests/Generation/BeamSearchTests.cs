using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

/// <summary>Beam search against the search over all sequences.</summary>
[TestClass]
public class BeamSearchTests
{
    private const int Vocabulary = 5, NewTokens = 3, End = 0;

    // With as many beams as there are unfinished sequences, nothing is left out.
    [TestMethod]
    [DataRow(1.0)]
    [DataRow(2.0)]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    public void Enough_beams_find_the_best_of_all_sequences(double penalty)
    {
        using var model = TinyDecoder.Model(Vocabulary, end: End);
        using var scope = NewDisposeScope();
        var ids = TinyDecoder.Ids([3, 1], [2, 4]);
        var config = new GenerationConfig { NumBeams = 25, NumReturnSequences = 4, MaxNewTokens = NewTokens, LengthPenalty = penalty, EarlyStopping = EarlyStopping.Never };
        var output = model.Generate(ids, config: config);
        foreach (var (text, prompt) in new[] { new[] { 3, 1 }, [2, 4] }.Index())
        {
            var best = All(model, prompt, penalty).OrderByDescending(sequence => sequence.Score).Take(4).ToList();
            for (var i = 0; i < best.Count; i++)
            {
                CollectionAssert.AreEqual(best[i].Tokens, output.NewTokens[4 * text + i].ToArray());
                Assert.AreEqual(best[i].Score, output.SequenceScores![4 * text + i].item<float>(), 1e-4);
            }
        }
    }

    [TestMethod]
    public void One_beam_is_the_most_probable_token_each_time()
    {
        using var model = TinyDecoder.Model();
        using var scope = NewDisposeScope();
        var ids = TinyDecoder.Ids([3, 1]);
        var greedy = model.Generate(ids, config: new() { MaxNewTokens = 6 });
        Assert.IsNull(greedy.SequenceScores);
        var tokens = new List<int> { 3, 1 };
        for (var i = 0; i < greedy.NewTokens[0].Count; i++)
        {
            var next = LogProbabilities(model, tokens);
            Assert.AreEqual(Array.IndexOf(next, next.Max()), greedy.NewTokens[0][i]);
            tokens.Add(greedy.NewTokens[0][i]);
        }
    }

    [TestMethod]
    public void Drawn_beams_follow_the_generator_and_the_settings()
    {
        using var model = TinyDecoder.Model();
        using var scope = NewDisposeScope();
        string[] Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            var config = new GenerationConfig { NumBeams = 3, NumReturnSequences = 3, DoSample = true, Temperature = 3, MaxNewTokens = 5 };
            return TinyDecoder.Rows(model.Generate(TinyDecoder.Ids([3, 1]), config: config, options: new() { Generator = generator }).Sequences);
        }
        CollectionAssert.AreEqual(Draw(1), Draw(1));
        Assert.HasCount(3, Draw(1).Distinct());
        Assert.IsTrue(Enumerable.Range(2, 8).Any(seed => !Draw((ulong)seed).SequenceEqual(Draw(1))));
    }

    [TestMethod]
    public void A_text_is_done_when_its_beams_are_full_if_it_may_stop_early()
    {
        using var model = TinyDecoder.Model();
        using var scope = NewDisposeScope();
        var steps = new Counting();
        var config = new GenerationConfig { NumBeams = 2, MaxNewTokens = 30, EarlyStopping = EarlyStopping.True, EosTokenIds = [.. Enumerable.Range(0, 9)] };
        model.Generate(TinyDecoder.Ids([3, 1]), config: config, options: new() { LogitsProcessors = [steps] });
        Assert.IsLessThan(30, steps.Count);
    }

    private static IEnumerable<(int[] Tokens, double Score)> All(PretrainedModel model, int[] prompt, double penalty)
    {
        var open = new List<(int[] Tokens, double Sum)> { ([], 0) };
        for (var length = 1; length <= NewTokens; length++)
        {
            var longer = open.SelectMany(sequence => LogProbabilities(model, [.. prompt, .. sequence.Tokens]).Select((p, token) => (Tokens: (int[])[.. sequence.Tokens, token], Sum: sequence.Sum + p))).ToList();
            foreach (var (tokens, sum) in longer.Where(sequence => sequence.Tokens[^1] == End || sequence.Tokens.Length == NewTokens))
                yield return (tokens, sum / Math.Pow(length, penalty));
            open = [.. longer.Where(sequence => sequence.Tokens[^1] != End)];
        }
    }

    private static float[] LogProbabilities(PretrainedModel model, IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var batch = new Batch { Size = 1, ["input_ids"] = TinyDecoder.Ids([.. tokens.Select(token => (long)token)]) };
        return GoldenTensor.Of(nn.functional.log_softmax(model.call(batch).Logits[0, -1], -1)).Values;
    }

    private sealed class Counting : LogitsProcessor
    {
        public int Count { get; private set; }

        public override Tensor Process(Tensor ids, Tensor scores)
        {
            Count++;
            return scores;
        }
    }
}
