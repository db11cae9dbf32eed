using Microsoft.Extensions.AI;
using Microsoft.ML.HfTrainer.Tests.Estimators;
using AIMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Microsoft.ML.HfTrainer.Tests.Generation;

[TestClass]
public sealed class HfChatClientTests
{
    private static readonly AIMessage[] _question = [new(ChatRole.User, "a b")];

    private readonly TinyLanguageModel _folder = TinyLanguageModel.Causal("a b c d e f g h");

    [TestCleanup]
    public void CleanUp() => _folder.Dispose();

    [TestMethod]
    public async Task PiecesJoinToTheAnswerAndTokensAreCounted()
    {
        var tokenizer = _folder.Tokenizer;
        using var model = AutoModelForCausalLM.FromPretrained(_folder.Folder);
        using var client = new HfChatClient(model, tokenizer);
        var options = new ChatOptions { MaxOutputTokens = 7, Instructions = "c", Temperature = 0 };
        var pieces = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(_question, options))
            pieces.Add(update);
        var whole = await client.GetResponseAsync(_question, options);

        var prompt = tokenizer.ApplyChatTemplate([ChatMessage.System("c"), ChatMessage.User("a b")], new() { AddGenerationPrompt = true });
        Assert.AreEqual("<|system|> c </s> <|user|> a b </s> <|assistant|> ", prompt.Text);
        using var expected = model.Generate(TinyDecoder.Ids([.. prompt.Ids.Select(id => (long)id)]), config: new() { MaxNewTokens = 7 });
        Assert.AreEqual(tokenizer.Decode(expected.NewTokens[0]), whole.Text);
        Assert.AreEqual(whole.Text, string.Concat(pieces.Select(piece => piece.Text)));
        Assert.HasCount(1, whole.Messages);
        Assert.AreEqual(ChatRole.Assistant, whole.Messages[0].Role);
        Assert.AreEqual(8, whole.Usage!.InputTokenCount);
        Assert.AreEqual(expected.NewTokens[0].Count, whole.Usage.OutputTokenCount);
        Assert.AreEqual(8 + expected.NewTokens[0].Count, whole.Usage.TotalTokenCount);
        Assert.AreEqual(expected.NewTokens[0][^1] == tokenizer.EosTokenId ? ChatFinishReason.Stop : ChatFinishReason.Length, whole.FinishReason);
        Assert.AreEqual(whole.FinishReason, pieces[^1].FinishReason);
    }

    [TestMethod]
    public async Task AStopSequenceEndsTheAnswerBeforeIt()
    {
        var tokenizer = _folder.Tokenizer;
        using var model = AutoModelForCausalLM.FromPretrained(_folder.Folder);
        using var client = new HfChatClient(model, tokenizer, new() { SuppressTokens = [.. Enumerable.Range(0, 7)] });
        ChatOptions Drawn(params string[] stops) => new() { MaxOutputTokens = 12, Temperature = 3, Seed = 3, StopSequences = stops };
        var free = (await client.GetResponseAsync(_question, Drawn())).Text;
        var words = free.Split(' ');
        var stop = words.Skip(2).First(word => !words[..2].Contains(word));
        var answer = await client.GetResponseAsync(_question, Drawn("never", stop));
        Assert.IsGreaterThan(2, answer.Text.Length);
        Assert.AreEqual(free[..free.IndexOf(stop, StringComparison.Ordinal)], answer.Text);
        Assert.AreEqual(ChatFinishReason.Stop, answer.FinishReason);
        Assert.AreEqual(ChatFinishReason.Length, (await client.GetResponseAsync(_question, new() { MaxOutputTokens = 12 })).FinishReason);
        model.GenerationConfig.StopStrings = [stop];
        Assert.AreEqual(answer.Text, (await client.GetResponseAsync(_question, Drawn())).Text, "one of the model's own settings does so too");
    }

    [TestMethod]
    public async Task ASeedDrawsTheSameAnswerAndAnotherAnother()
    {
        using var model = AutoModelForCausalLM.FromPretrained(_folder.Folder);
        using var client = new HfChatClient(model, _folder.Tokenizer);
        async Task<string> Drawn(long seed) => (await client.GetResponseAsync(_question, new() { MaxOutputTokens = 20, Temperature = 2, TopP = 0.99f, TopK = 40, Seed = seed })).Text;
        Assert.AreEqual(await Drawn(3), await Drawn(3));
        Assert.HasCount(3, new[] { await Drawn(3), await Drawn(4), await Drawn(5) }.Distinct());
    }

    [TestMethod]
    public async Task AnAnswerEndsWhereThePositionsDo()
    {
        using var model = AutoModelForCausalLM.FromPretrained(_folder.Folder);
        using var client = new HfChatClient(model, _folder.Tokenizer, new() { SuppressTokens = [_folder.Tokenizer.EosTokenId!.Value] });
        var answer = await client.GetResponseAsync(_question, new() { MaxOutputTokens = 1000 });
        Assert.AreEqual(48 - 5 + 1, answer.Usage!.OutputTokenCount, "the last token is not read");
        Assert.AreEqual(ChatFinishReason.Length, answer.FinishReason);
        var refused = await Assert.ThrowsExactlyAsync<ArgumentException>(() => client.GetResponseAsync([new(ChatRole.User, string.Join(' ', Enumerable.Repeat("a", 60)))]));
        Assert.Contains("The prompts have 63 tokens, and the model has 48 positions", refused.Message);
    }

    [TestMethod]
    public async Task WhatIsNotSupportedIsNamed()
    {
        using var model = AutoModelForCausalLM.FromPretrained(_folder.Folder);
        using var client = new HfChatClient(model, _folder.Tokenizer);
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")], ResponseFormat = ChatResponseFormat.Json, PresencePenalty = 1 };
        var refused = await Assert.ThrowsExactlyAsync<NotSupportedException>(() => client.GetResponseAsync(_question, options));
        Assert.Contains("Tools, ResponseFormat ChatResponseFormatJson, PresencePenalty", refused.Message);
        var image = new AIMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);
        Assert.Contains("DataContent", (await Assert.ThrowsExactlyAsync<NotSupportedException>(() => client.GetResponseAsync([image]))).Message);
    }

    [TestMethod]
    public void AClientNeedsACausalModelAndAChatTemplate()
    {
        using var encoder = TinyLanguageModel.Encoder("a");
        using var masked = AutoModelForMaskedLM.FromPretrained(encoder.Folder);
        Assert.Contains("does not continue texts", Assert.ThrowsExactly<ArgumentException>(() => new HfChatClient(masked, encoder.Tokenizer)).Message);
        using var model = AutoModelForCausalLM.FromPretrained(_folder.Folder);
        Assert.Contains("has no chat template", Assert.ThrowsExactly<ArgumentException>(() => new HfChatClient(model, TinyDecoder.Tokenizer("own-bert-cased"))).Message);
        using var client = new HfChatClient(model, _folder.Tokenizer);
        Assert.AreSame(model, client.GetService(typeof(PretrainedModel)));
        Assert.AreSame(client, client.GetService(typeof(IChatClient)));
        Assert.IsNotNull(client.GetService(typeof(ChatClientMetadata)));
        Assert.IsNull(client.GetService(typeof(string)));
    }

    [TestMethod]
    public async Task AClientOfATransformerEndsWithIt()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(new[] { new Talk { Roles = ["user", "assistant"], Contents = ["a", "b c"] } });
        var options = new CausalLMOptions { Arguments = new() { NumTrainEpochs = 40, LearningRate = 1e-2 } };
        var trained = ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForChat(model: _folder.Folder)).Append(ml.HfTrainer.CausalLM(options)).Fit(data);
        var client = trained.LastTransformer.AsChatClient();
        Assert.AreEqual("b c", (await client.GetResponseAsync("a")).Text);
        trained.Dispose();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => client.GetResponseAsync("a"));
    }

    private sealed class Talk
    {
        public string[] Roles { get; set; } = [];

        public string[] Contents { get; set; } = [];
    }
}
