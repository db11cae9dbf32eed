namespace Microsoft.ML.HfTrainer.Tests.Generation;

/// <summary>Texts: stop strings over the borders of tokens, texts piece by piece, and several prompts at once.</summary>
[TestClass]
public class TextGenerationTests
{
    // Characters of several bytes, which are several tokens, and spaces that a clean-up takes.
    private const string Text = "A small 😀 naïve 日本語 test, isn't it ? Yes .";

    private static readonly string[] _tokenizers = ["own-llama3", "own-llama2-nonlegacy", "own-bert-cased", "own-roberta-prefix-space"];

    public static IEnumerable<object[]> Tokenizers => _tokenizers.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Tokenizers))]
    public async Task Pieces_join_to_the_whole_text_and_hold_whole_characters(string name)
    {
        var tokenizer = TinyDecoder.Tokenizer(name);
        using var model = TinyDecoder.For(tokenizer);
        var (tokens, config) = Script(tokenizer, Text);
        var whole = model.GenerateText(tokenizer, "Start", config, Forced(tokens));
        Assert.AreEqual(tokenizer.Decode(tokens), whole);
        var pieces = new List<string>();
        await foreach (var piece in model.StreamTextAsync(tokenizer, "Start", config, Forced(tokens)))
            pieces.Add(piece);
        Assert.AreEqual(whole, string.Concat(pieces));
        Assert.IsGreaterThan(3, pieces.Count);
        Assert.IsEmpty(pieces.Where(piece => piece.Contains('\uFFFD') || char.IsHighSurrogate(piece[^1])));
    }

    [TestMethod]
    public async Task The_first_piece_comes_before_the_last_token()
    {
        var tokenizer = TinyDecoder.Tokenizer();
        using var model = TinyDecoder.For(tokenizer);
        var (tokens, config) = Script(tokenizer, "one two three four");
        using var gate = new SemaphoreSlim(0);
        var options = new GenerationOptions { LogitsProcessors = [new Scripted(tokens)], StoppingCriteria = [new Waiting(gate, tokens.Length)] };
        await foreach (var piece in model.StreamTextAsync(tokenizer, "Start", config, options))
        {
            Assert.AreNotEqual("", piece);
            if (gate.CurrentCount == 0)
                gate.Release();
        }
    }

    [TestMethod]
    public async Task Generation_ends_when_nobody_reads_on()
    {
        var tokenizer = TinyDecoder.Tokenizer();
        using var model = TinyDecoder.For(tokenizer);
        var live = new LiveTensors();
        await foreach (var _ in model.StreamTextAsync(tokenizer, "Start", new() { MaxNewTokens = 200, SuppressTokens = [tokenizer.VocabularySize - 1] }))
            break;
        live.AssertUnchanged();
    }

    [TestMethod]
    public async Task A_cancelled_stream_and_a_failed_one_throw_where_they_are_read()
    {
        var tokenizer = TinyDecoder.Tokenizer();
        using var model = TinyDecoder.For(tokenizer);
        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsExactlyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in model.StreamTextAsync(tokenizer, "Start", new() { MaxNewTokens = 200, SuppressTokens = [tokenizer.VocabularySize - 1] }, cancellationToken: cancelled.Token))
                await cancelled.CancelAsync();
        });
        await Assert.ThrowsExactlyAsync<ArgumentException>(async () =>
        {
            await foreach (var _ in model.StreamTextAsync(tokenizer, "Start", new() { MaxNewTokens = 0 }))
                Assert.Fail();
        });
        Assert.Contains("both should be 1", Assert.ThrowsExactly<ArgumentException>(() => model.StreamTextAsync(tokenizer, "Start", new() { NumBeams = 2 })).Message);
    }

    [TestMethod]
    [DynamicData(nameof(Tokenizers))]
    public void A_stop_string_ends_the_text_over_the_borders_of_tokens(string name)
    {
        var tokenizer = TinyDecoder.Tokenizer(name);
        using var model = TinyDecoder.For(tokenizer);
        var (tokens, config) = Script(tokenizer, "one stopping word and many more words");
        var stop = "ing wor";
        config.StopStrings = ["never there", stop];
        var text = model.GenerateText(tokenizer, "Start", config, Forced(tokens));
        Assert.Contains(stop, text);
        // The last token completed it, so without that token it is not there.
        var count = Enumerable.Range(1, tokens.Length).First(count => tokenizer.Decode(tokens[..count], cleanUpTokenizationSpaces: false).Contains(stop, StringComparison.Ordinal));
        Assert.AreEqual(tokenizer.Decode(tokens[..count]), text);
        Assert.IsLessThan(tokens.Length, count);
    }

    // A character whose bytes are several tokens.
    [TestMethod]
    [DataRow("own-llama3")]
    [DataRow("own-llama2-nonlegacy")]
    public void A_stop_string_may_be_a_character_of_several_tokens(string name)
    {
        var tokenizer = TinyDecoder.Tokenizer(name);
        using var model = TinyDecoder.For(tokenizer);
        var (tokens, config) = Script(tokenizer, "so 😀 it goes on");
        config.StopStrings = ["😀"];
        Assert.EndsWith("😀", model.GenerateText(tokenizer, "Start", config, Forced(tokens)));
    }

    // What the prompt holds ends nothing.
    [TestMethod]
    public void A_stop_string_of_the_prompt_does_not_end_the_text()
    {
        var tokenizer = TinyDecoder.Tokenizer();
        using var model = TinyDecoder.For(tokenizer);
        var (tokens, config) = Script(tokenizer, " and more");
        config.StopStrings = ["Stop"];
        Assert.AreEqual(tokenizer.Decode(tokens), model.GenerateText(tokenizer, "Stop here. Stop", config, Forced(tokens)));
    }

    [TestMethod]
    public void Prompts_of_different_lengths_are_continued_as_each_alone()
    {
        var tokenizer = TinyDecoder.Tokenizer();
        using var model = TinyDecoder.For(tokenizer);
        var config = new GenerationConfig { MaxNewTokens = 5 };
        string[] prompts = ["A short one", "One that is much longer than the other", "X"];
        var together = model.GenerateText(tokenizer, prompts, config);
        CollectionAssert.AreEqual(prompts.Select(prompt => model.GenerateText(tokenizer, prompt, config)).ToArray(), together.ToArray());
        Assert.HasCount(6, model.GenerateText(tokenizer, prompts, new() { MaxNewTokens = 2, NumBeams = 2, NumReturnSequences = 2 }));
        Assert.Contains("There are no texts", Assert.ThrowsExactly<ArgumentException>(() => model.GenerateText(tokenizer, [])).Message);
    }

    private static (int[] Tokens, GenerationConfig Config) Script(HfTokenizer tokenizer, string text)
    {
        int[] tokens = tokenizer.Encode(text, options: new() { AddSpecialTokens = false }).Ids;
        return (tokens, new GenerationConfig { MaxNewTokens = tokens.Length });
    }

    private static GenerationOptions Forced(int[] tokens) => new() { LogitsProcessors = [new Scripted(tokens)] };

    /// <summary>Waits before the last token until a piece was read.</summary>
    private sealed class Waiting(SemaphoreSlim gate, int count) : StoppingCriterion
    {
        private int _seen;

        public override bool IsFinished(ReadOnlySpan<int> ids)
        {
            if (++_seen == count - 1)
                Assert.IsTrue(gate.Wait(TimeSpan.FromMinutes(2)));
            return false;
        }
    }
}
