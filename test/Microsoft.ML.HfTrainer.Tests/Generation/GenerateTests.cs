using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

/// <summary>Generation by whole models: the cache, padding, the ends of sequences, what a caller adds, and wrong calls.</summary>
[TestClass]
public class GenerateTests
{
    private static readonly GenerationConfig _three = new() { MaxNewTokens = 3 };

    public static IEnumerable<object[]> Causal => Cases(".causal-lm");

    public static IEnumerable<object[]> Both => Cases(".causal-lm").Concat(Cases(".seq2seq-lm"));

    [TestMethod]
    [DynamicData(nameof(Both))]
    public void The_cache_changes_nothing(string name)
    {
        using var model = Case(name).Open(default);
        using var scope = NewDisposeScope();
        using var batch = Case(name).Batch();
        var mask = batch["attention_mask"].flip(1);
        foreach (var config in new[] { new GenerationConfig { MaxNewTokens = 8, NoRepeatNgramSize = 2 }, new GenerationConfig { MaxNewTokens = 8, NumBeams = 3, NumReturnSequences = 2, OutputScores = true } })
        {
            var (cached, uncached) = (Run(true), Run(false));
            CollectionAssert.AreEqual(TinyDecoder.Rows(uncached.Sequences), TinyDecoder.Rows(cached.Sequences));
            if (config.OutputScores == true)
                Assert.AreEqual(0, (uncached.SequenceScores! - cached.SequenceScores!).abs().max().item<float>(), 1e-4);

            GenerationOutput Run(bool useCache)
            {
                config.UseCache = useCache;
                return model.Generate(batch["input_ids"], name.EndsWith("causal-lm", StringComparison.Ordinal) ? mask : batch["attention_mask"], config);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Causal))]
    public void A_row_behind_padding_goes_on_as_it_does_alone(string name)
    {
        using var model = Case(name).Open(default);
        using var scope = NewDisposeScope();
        var ids = Case(name).Batch()["input_ids"];
        var alone = model.Generate(ids.narrow(0, 1, 1).narrow(1, 3, 5), config: new() { MaxNewTokens = 6, PadTokenId = -1 });
        var mask = ones_like(ids.narrow(0, 0, 2).narrow(1, 0, 8));
        mask[1].narrow(0, 0, 3).zero_();
        var padded = model.Generate(ids.narrow(0, 0, 2).narrow(1, 0, 8), mask, new() { MaxNewTokens = 6 });
        CollectionAssert.AreEqual(alone.NewTokens[0].ToArray(), padded.NewTokens[1].ToArray());
    }

    [TestMethod]
    public void Padding_is_found_by_its_token()
    {
        using var model = TinyDecoder.Model();
        using var scope = NewDisposeScope();
        var alone = model.Generate(TinyDecoder.Ids([3, 1]), config: _three);
        var padded = model.Generate(TinyDecoder.Ids([4, 3, 1], [10, 3, 1]), config: new() { MaxNewTokens = 3, PadTokenId = 10 });
        CollectionAssert.AreEqual(alone.NewTokens[0].ToArray(), padded.NewTokens[1].ToArray());
    }

    // Of several end tokens each ends a row, which is padded while others go on.
    [TestMethod]
    public void Rows_end_at_each_of_several_tokens()
    {
        using var model = TinyDecoder.Model();
        using var scope = NewDisposeScope();
        var script = new[] { new[] { 4, 6, 5, 5 }, [4, 4, 7, 5] };
        var output = model.Generate(TinyDecoder.Ids([3, 1], [2, 1]), config: new() { MaxNewTokens = 9, EosTokenIds = [6, 7], PadTokenId = 8 }, options: new() { LogitsProcessors = [new ByRow(script)] });
        CollectionAssert.AreEqual(new[] { "3 1 4 6 8", "2 1 4 4 7" }, TinyDecoder.Rows(output.Sequences));
        CollectionAssert.AreEqual(new[] { 4, 6 }, output.NewTokens[0].ToArray());
        Assert.AreEqual(2, output.PromptLength);
    }

    [TestMethod]
    public void A_criterion_of_the_caller_ends_its_row_alone()
    {
        using var model = TinyDecoder.Model(end: 10);
        using var scope = NewDisposeScope();
        var output = model.Generate(
            TinyDecoder.Ids([3, 1], [2, 1]), config: new() { MaxNewTokens = 4, PadTokenId = 8 },
            options: new() { LogitsProcessors = [new ByRow([[4, 4, 4, 4], [5, 5, 5, 5]])], StoppingCriteria = [new SumAbove(11, 14)] });
        CollectionAssert.AreEqual(new[] { "3 1 4 4 8", "2 1 5 5 5" }, TinyDecoder.Rows(output.Sequences));
    }

    [TestMethod]
    public void Lengths_are_limited_as_the_settings_say()
    {
        using var model = TinyDecoder.Model(end: 10);
        using var scope = NewDisposeScope();
        long Length(GenerationConfig config) => model.Generate(TinyDecoder.Ids([3, 1]), config: config, options: new() { LogitsProcessors = [new ByRow([[.. Enumerable.Repeat(4, 99)]])] }).Sequences.shape[1];
        Assert.AreEqual(7, Length(new() { MaxNewTokens = 5 }));
        Assert.AreEqual(5, Length(new() { MaxLength = 5 }));
        Assert.AreEqual(22, Length(new()));
        model.GenerationConfig = new() { MaxNewTokens = 3, EosTokenIds = [10] };
        Assert.AreEqual(5, Length(new()));
        Assert.AreEqual(9, Length(new() { MaxLength = 9 }));
    }

    [TestMethod]
    public void The_end_waits_for_the_minimum_length()
    {
        using var model = TinyDecoder.Model();
        using var scope = NewDisposeScope();
        var ends = new GenerationConfig { MaxNewTokens = 9, EosTokenIds = [.. Enumerable.Range(0, 10)] };
        Assert.HasCount(1, model.Generate(TinyDecoder.Ids([3, 1]), config: ends).NewTokens[0]);
        ends.MinNewTokens = 4;
        CollectionAssert.AreEqual(new[] { 10, 10, 10, 10 }, model.Generate(TinyDecoder.Ids([3, 1]), config: ends).NewTokens[0].Take(4).ToArray());
    }

    [TestMethod]
    public void Scores_and_logits_are_kept_on_request()
    {
        using var model = TinyDecoder.Model(end: 10);
        using var scope = NewDisposeScope();
        var output = model.Generate(TinyDecoder.Ids([3, 1]), config: new() { MaxNewTokens = 3, OutputScores = true, OutputLogits = true, SuppressTokens = [10] });
        Assert.HasCount(3, output.Scores!);
        Assert.HasCount(3, output.Logits!);
        Assert.AreEqual(float.NegativeInfinity, output.Scores![0][0, 10].item<float>());
        Assert.IsTrue(float.IsFinite(output.Logits![0][0, 10].item<float>()));
    }

    [TestMethod]
    public void Drawn_tokens_follow_the_generator()
    {
        using var model = TinyDecoder.Model(end: 10);
        using var scope = NewDisposeScope();
        string[] Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            var config = new GenerationConfig { DoSample = true, Temperature = 5, NumReturnSequences = 2, MaxNewTokens = 8 };
            return TinyDecoder.Rows(model.Generate(TinyDecoder.Ids([3, 1], [2, 1]), config: config, options: new() { Generator = generator }).Sequences);
        }
        CollectionAssert.AreEqual(Draw(1), Draw(1));
        CollectionAssert.AreNotEqual(Draw(1), Draw(2));
        Assert.HasCount(4, Draw(1));
        Assert.AreNotEqual(Draw(1)[0], Draw(1)[1]);
    }

    [TestMethod]
    public void The_target_of_an_encoder_decoder_may_begin_with_given_tokens()
    {
        using var model = Case("t5.seq2seq-lm").Open(default);
        using var scope = NewDisposeScope();
        foreach (var start in new[] { TinyDecoder.Ids([7, 8]), TinyDecoder.Ids([0, 7, 8]) })
        {
            var output = model.Generate(TinyDecoder.Ids([5, 6, 7]), config: _three, options: new() { DecoderInputIds = start });
            StringAssert.StartsWith(TinyDecoder.Rows(output.Sequences)[0], "0 7 8 ");
            Assert.AreEqual(3, output.PromptLength);
        }
    }

    [TestMethod]
    public void Dropout_takes_no_part_and_training_goes_on()
    {
        using var model = TinyDecoder.Model(end: 10);
        using var scope = NewDisposeScope();
        var evaluated = TinyDecoder.Rows(model.Generate(TinyDecoder.Ids([3, 1])).Sequences);
        model.train();
        CollectionAssert.AreEqual(evaluated, TinyDecoder.Rows(model.Generate(TinyDecoder.Ids([3, 1])).Sequences));
        Assert.IsTrue(model.training);
    }

    [TestMethod]
    [DataRow(1, true)]
    [DataRow(3, true)]
    [DataRow(3, false)]
    public void No_tensor_is_left(int beams, bool useCache)
    {
        using var model = TinyDecoder.Model();
        var live = new LiveTensors();
        using (var ids = TinyDecoder.Ids([3, 1, 2], [1, 1, 4]))
        {
            var config = new GenerationConfig { NumBeams = beams, UseCache = useCache, MaxNewTokens = 61, OutputScores = true, RepetitionPenalty = 1.2, SuppressTokens = [0], BadWordsIds = [[1, 2]] };
            model.Generate(ids, config: config).Dispose();
            Assert.ThrowsExactly<InvalidOperationException>(() => model.Generate(ids, config: config, options: new() { StoppingCriteria = [new Failing()] }));
        }
        live.AssertUnchanged();
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void A_cancelled_call_ends_before_the_next_token(int beams)
    {
        using var model = TinyDecoder.Model();
        using var ids = TinyDecoder.Ids([3, 1]);
        using var cancellation = new CancellationTokenSource();
        var cancelling = new Cancelling(cancellation);
        var config = new GenerationConfig { NumBeams = beams, SuppressTokens = [0] };
        Assert.ThrowsExactly<OperationCanceledException>(() => model.Generate(ids, config: config, options: new() { LogitsProcessors = [cancelling] }, cancellationToken: cancellation.Token));
        Assert.AreEqual(3, cancelling.Calls);
    }

    [TestMethod]
    public void Several_threads_generate_with_one_model()
    {
        using var model = TinyDecoder.Model(end: 10);
        string[] Run(int token)
        {
            using var scope = NewDisposeScope();
            return TinyDecoder.Rows(model.Generate(TinyDecoder.Ids([3, token]), config: new() { MaxNewTokens = 12 }).Sequences);
        }
        var expected = Enumerable.Range(0, 8).Select(Run).ToList();
        var found = Enumerable.Range(0, 8).AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(Run).ToList();
        foreach (var (should, was) in expected.Zip(found))
            CollectionAssert.AreEqual(should, was);
    }

    [TestMethod]
    public void A_head_that_does_not_generate_is_refused()
    {
        using var model = TinyBert.Model();
        using var ids = TinyDecoder.Ids([3, 1]);
        Assert.Contains("BertForSequenceClassification does not generate text; load the model with AutoModelForCausalLM", Assert.ThrowsExactly<NotSupportedException>(() => model.Generate(ids)).Message);
    }

    [TestMethod]
    public void Prompts_that_do_not_fit_are_refused()
    {
        using var model = TinyDecoder.Model(positions: 8);
        using var scope = NewDisposeScope();
        AssertRefused("The prompts have 9 tokens, and the model has 8 positions", () => model.Generate(TinyDecoder.Ids([.. Enumerable.Repeat(1L, 9)])));
        AssertRefused("The prompts have 6 tokens and up to 4 are to follow, but the model has 8 positions", () => model.Generate(TinyDecoder.Ids([.. Enumerable.Repeat(1L, 6)]), config: new() { MaxNewTokens = 4 }));
        AssertRefused("MaxLength is 2, and the prompts have 2 tokens", () => model.Generate(TinyDecoder.Ids([3, 1]), config: new() { MaxLength = 2 }));
        AssertRefused("inputIds has the token id 11; it should be from 0 to 10", () => model.Generate(TinyDecoder.Ids([3, 11])));
        AssertRefused("attentionMask is [1, 3]; it should be [1, 2]", () => model.Generate(TinyDecoder.Ids([3, 1]), TinyDecoder.Ids([1, 1, 1])));
        AssertRefused("Row 1 of inputIds ends in padding", () => model.Generate(TinyDecoder.Ids([3, 1], [3, 1]), TinyDecoder.Ids([1, 1], [1, 0])));
        AssertRefused("Row 0 of inputIds is padding alone", () => model.Generate(TinyDecoder.Ids([3, 1], [3, 1]), TinyDecoder.Ids([0, 0], [1, 1])));
        AssertRefused("inputIds is [2]; it should be [batch, length]", () => model.Generate(tensor(new long[] { 1, 2 })));
        AssertRefused("DecoderInputIds is set, but GPT2LMHeadModel has no encoder", () => model.Generate(TinyDecoder.Ids([3, 1]), options: new() { DecoderInputIds = TinyDecoder.Ids([1]) }));
        // Without a length the positions that are left are used.
        Assert.IsLessThanOrEqualTo(8, model.Generate(TinyDecoder.Ids([3, 1, 3, 1, 3, 1])).Sequences.shape[1]);
    }

    private static void AssertRefused(string message, Action call) => Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(call).Message);

    private static IEnumerable<object[]> Cases(string head) =>
        GoldenFolder.Cases("models", ModelCase.File).Select(Path.GetFileName).Where(name => name!.EndsWith(head, StringComparison.Ordinal)).Select(name => new object[] { name! });

    private static ModelCase Case(string name) => new(Path.Combine(GoldenFolder.Path, "models", name));

    /// <summary>Makes each row give its own tokens.</summary>
    private sealed class ByRow(int[][] tokens) : LogitsProcessor
    {
        private int _next;

        public override Tensor Process(Tensor ids, Tensor scores)
        {
            var forced = full_like(scores, float.NegativeInfinity);
            for (var row = 0; row < tokens.Length; row++)
                forced[row, tokens[row][_next]] = 0;
            _next++;
            return forced;
        }
    }

    /// <summary>Ends rows by the sum of their tokens: those that begin with 3 above the first number, others above the second.</summary>
    private sealed class SumAbove(int ofThrees, int ofOthers) : StoppingCriterion
    {
        public override bool IsFinished(ReadOnlySpan<int> ids)
        {
            var sum = 0;
            foreach (var id in ids)
                sum += id;
            return sum > (ids[0] == 3 ? ofThrees : ofOthers);
        }
    }

    private sealed class Failing : StoppingCriterion
    {
        public override bool IsFinished(ReadOnlySpan<int> ids) => ids.Length < 6 ? false : throw new InvalidOperationException();
    }

    private sealed class Cancelling(CancellationTokenSource cancellation) : LogitsProcessor
    {
        public int Calls { get; private set; }

        public override Tensor Process(Tensor ids, Tensor scores)
        {
            if (++Calls == 3)
                cancellation.Cancel();
            return scores;
        }
    }
}
