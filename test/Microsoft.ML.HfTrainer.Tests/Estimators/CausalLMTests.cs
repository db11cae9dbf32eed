using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class CausalLMTests
{
    private static readonly (string Asked, string Answer)[] _pairs = [("red", "rouge"), ("green", "vert"), ("blue", "bleu"), ("house", "maison"), ("dog", "chien"), ("tree", "arbre")];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyLanguageModel _model = TinyLanguageModel.Causal(string.Join(' ', _pairs.SelectMany(pair => new[] { pair.Asked, pair.Answer })) + " how say is called please");

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void ItContinuesTheTextsThatItHasLearned()
    {
        var texts = _ml.Data.LoadFromEnumerable(_pairs.Select(pair => new Line { Text = $"{pair.Asked} is called {pair.Answer}" }));
        var options = Options(100);
        (options.ValidationSet, options.Arguments.EvalStrategy, options.Arguments.EvalSteps, options.Arguments.EvalOnStart) = (texts, IntervalStrategy.Steps, 50, true);
        var trained = Tokens().Append(_ml.HfTrainer.CausalLM(options)).Fit(texts);
        using var owned = (IDisposable)trained;
        var evaluations = trained.LastTransformer.LogHistory.Where(record => record.ContainsKey("eval_loss")).ToList();
        // All texts are one batch.
        foreach (var record in evaluations)
            Assert.AreEqual(Math.Exp(record["eval_loss"]), record["eval_perplexity"], record["eval_perplexity"] * 1e-4);
        Assert.IsLessThan(evaluations[0]["eval_perplexity"] / 2, evaluations[^1]["eval_perplexity"]);

        var prompts = _ml.Data.LoadFromEnumerable(_pairs.Select(pair => new Line { Text = $"{pair.Asked} is" }));
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, prompts.Schema, new MLContext());
        using var alsoOwned = (IDisposable)loaded;
        CollectionAssert.AreEqual(_pairs.Select(pair => "called " + pair.Answer).ToList(), Read(loaded, prompts), "the end-of-sequence token was learned too");
        using var engine = _ml.Model.CreatePredictionEngine<Line, Continuation>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        CollectionAssert.AreEqual(Read(loaded, prompts), _pairs.Select(pair => engine.Predict(new Line { Text = $"{pair.Asked} is" }).GeneratedText).ToList());
    }

    [TestMethod]
    public void PromptsOfSeveralLengthsAreContinuedByTheirCompletions()
    {
        var data = _ml.Data.LoadFromEnumerable(_pairs.Select((pair, i) => new Line { Text = string.Concat(Enumerable.Repeat("please ", i)) + "how say " + pair.Asked, Completion = pair.Answer }));
        var options = Options(100);
        options.CompletionColumnName = "Completion";
        var trained = Tokens().Append(_ml.HfTrainer.CausalLM(options)).Fit(data);
        using var owned = (IDisposable)trained;
        CollectionAssert.AreEqual(_pairs.Select(pair => pair.Answer).ToList(), Read(trained, data));
    }

    [TestMethod]
    public void TheAnswersOfChatsAreLearned()
    {
        var data = _ml.Data.LoadFromEnumerable(_pairs.Select(pair => new Talk { Roles = ["system", "user", "assistant"], Contents = ["please", "how say " + pair.Asked, pair.Answer] }));
        var trained = Chats().Append(_ml.HfTrainer.CausalLM(Options(120))).Fit(data);
        using var owned = (IDisposable)trained;
        var asked = _ml.Data.LoadFromEnumerable(_pairs.Select(pair => new Talk { Roles = ["system", "user"], Contents = ["please", "how say " + pair.Asked] }));
        var (loaded, _) = EstimatorContract.SaveAndLoad(_ml, trained, asked.Schema);
        using var alsoOwned = (IDisposable)loaded;
        CollectionAssert.AreEqual(_pairs.Select(pair => pair.Answer).ToList(), Read(loaded, asked));
    }

    [TestMethod]
    [DataRow(TextPacking.None, 60)]
    [DataRow(TextPacking.Blocks, 150)]
    [DataRow(TextPacking.Flattened, 60)]
    public void PackedTextsAreLearnedToo(TextPacking packing, int epochs)
    {
        var random = new Random(3);
        var texts = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(0, 4).SelectMany(_ => _pairs).OrderBy(_ => random.Next()).Select(pair => new Line { Text = $"{pair.Asked} is called {pair.Answer}" }).ToList());
        var options = Options(epochs);
        (options.Packing, options.MaxLength) = (packing, 10);
        var trained = Tokens().Append(_ml.HfTrainer.CausalLM(options)).Fit(texts);
        using var owned = (IDisposable)trained;
        // 24 texts of 5 tokens make 12 blocks of 10.
        Assert.AreEqual(epochs * (packing == TextPacking.Blocks ? 2 : 4), trained.LastTransformer.TrainOutput!.GlobalStep, "batches of 6");
        CollectionAssert.AreEqual(_pairs.Select(pair => pair.Answer).ToList(), Read(trained, _ml.Data.LoadFromEnumerable(_pairs.Select(pair => new Line { Text = $"{pair.Asked} is called" }))));
    }

    [TestMethod]
    public void ATextBeyondThePositionsSaysWhichLimitIsWrong()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Line { Text = string.Join(' ', Enumerable.Repeat("red", 40)), Completion = string.Join(' ', Enumerable.Repeat("rouge", 40)) } });
        var options = Options(1);
        (options.CompletionColumnName, options.MaxLength) = ("Completion", 60);
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => Tokens().Append(_ml.HfTrainer.CausalLM(options)).Fit(data)).Message;
        Assert.Contains("Row 1 of the training data has 60 tokens", refused);
        Assert.Contains("MaxLength of the trainer is 60; set it to 48 or less", refused);

        // The options of chats do not cut them, and the trainer does, at its own limit.
        var chats = _ml.Data.LoadFromEnumerable(new[] { new Talk { Roles = ["user", "assistant"], Contents = ["red", string.Join(' ', Enumerable.Repeat("rouge", 70))] } });
        (options.CompletionColumnName, options.MaxLength) = (null, 60);
        Assert.Contains("has 60 tokens, and the model '" + Path.GetFileName(_model.Folder), refused = Assert.ThrowsExactly<InvalidDataException>(() => Chats().Append(_ml.HfTrainer.CausalLM(options)).Fit(chats)).Message);
        Assert.Contains("MaxLength of the trainer is 60; set it to 48 or less", refused);

        var whole = _ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { Model = _model.Folder, Truncation = TruncationStrategy.DoNotTruncate });
        var trained = Tokens().Append(_ml.HfTrainer.CausalLM(Options(1))).Fit(data);
        using var owned = (IDisposable)trained;
        var text = _ml.Data.LoadFromEnumerable(new[] { new Line { Text = string.Join(' ', Enumerable.Repeat("red", 60)) } });
        var uncut = Assert.ThrowsExactly<InvalidDataException>(() => trained.LastTransformer.Transform(whole.Fit(text).Transform(text)).GetColumn<string>("GeneratedText").ToList()).Message;
        Assert.Contains("Row 1 has 60 tokens", uncut);
        Assert.Contains("TokenizeHf does not cut texts (Truncation is DoNotTruncate)", uncut);
    }

    [TestMethod]
    public void ItKeepsTheRulesOfEstimators()
    {
        var data = _ml.Data.LoadFromEnumerable(_pairs.Select(pair => new Line { Text = $"{pair.Asked} is", Completion = pair.Answer }));
        var options = Options(1);
        (options.CompletionColumnName, options.Generation) = ("Completion", new() { MaxNewTokens = 4, NumBeams = 2, NumReturnSequences = 2 });
        EstimatorContract.Check(_ml, _ml.HfTrainer.CausalLM(options), Tokens().Fit(data).Transform(data), data);
    }

    [TestMethod]
    public void PiecesOfTextsAreRefusedInTrainingAndPrediction()
    {
        var pieces = _ml.Transforms.Text.TokenizeHf(new TokenizeHfOptions { Model = _model.Folder, MaxLength = 3, ReturnOverflowingTokens = true });
        var data = _ml.Data.LoadFromEnumerable(new[] { new Line { Text = "red is called rouge please" } });
        var refused = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pieces.Append(_ml.HfTrainer.CausalLM(Options(1))).Fit(data)).Message;
        Assert.Contains("a row for each piece of a long text (ReturnOverflowingTokens)", refused);
        Assert.Contains("TextPacking.Blocks", refused);
        var trained = Tokens().Append(_ml.HfTrainer.CausalLM(Options(1))).Fit(data);
        using var owned = (IDisposable)trained;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trained.LastTransformer.Transform(pieces.Fit(data).Transform(data)));
    }

    [TestMethod]
    public void APromptThatLeavesNoRoomNamesItsRowAndTheNumbers()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Line { Text = "red is" }, new Line { Text = string.Join(' ', Enumerable.Repeat("red", 40)) } });
        var options = Options(1);
        options.Generation = new() { MaxNewTokens = 16 };
        var trained = Tokens().Append(_ml.HfTrainer.CausalLM(options)).Fit(data);
        using var owned = (IDisposable)trained;
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => Read(trained, data));
        Assert.Contains("Row 2 has a prompt of 40 tokens, and there is room for 33: the model has 48 positions, and up to 16 tokens are to follow (MaxNewTokens)", refused.Message);
        Assert.HasCount(1, Read(trained, _ml.Data.TakeRows(data, 1)));
    }

    [TestMethod]
    public void RowsWithNothingToLearnAreRefusedByName()
    {
        var options = Options(1);
        (options.CompletionColumnName, options.MaxLength) = ("Completion", 4);
        string Refused(params Line[] rows) =>
            Assert.ThrowsExactly<InvalidDataException>(() => Tokens().Append(_ml.HfTrainer.CausalLM(options)).Fit(_ml.Data.LoadFromEnumerable(rows))).Message;
        Assert.Contains("Row 2 of the training data has an empty completion in 'Completion'", Refused(new Line { Text = "red is", Completion = "rouge" }, new Line { Text = "red", Completion = "" }));
        Assert.Contains("Row 1 of the training data has an empty completion", Refused(new Line { Text = "red", Completion = " \t" }), "white space is no token of this tokenizer");
        Assert.Contains("Row 1 of the training data has 5 tokens before the first one that is to be learned, and the maximum length is 4", Refused(new Line { Text = "how say red is called", Completion = "rouge" }));

        string RefusedChat(string[] roles, string[] contents) =>
            Assert.ThrowsExactly<InvalidDataException>(() => Chats().Append(_ml.HfTrainer.CausalLM(Options(1))).Fit(_ml.Data.LoadFromEnumerable(new[] { new Talk { Roles = roles, Contents = contents } }))).Message;
        Assert.Contains("Row 1 of the training data has no message of the role 'assistant'", RefusedChat(["user"], ["red"]));
        Assert.Contains("the chat has 2 contents and 1 roles", RefusedChat(["user"], ["red", "rouge"]));
        Assert.Contains("the chat has no messages", RefusedChat([], []));

        var cut = TokenizeHfOptions.ForChat(model: _model.Folder);
        (cut.Truncation, cut.MaxLength) = (TruncationStrategy.LongestFirst, 5);
        var chats = _ml.Data.LoadFromEnumerable(new[] { new Talk { Roles = ["user", "assistant"], Contents = ["how say red", "rouge"] } });
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Transforms.Text.TokenizeHf(cut).Append(_ml.HfTrainer.CausalLM(Options(1))).Fit(chats)).Message;
        Assert.Contains("Row 1 of the training data has no answer of the role 'assistant' in the 5 tokens to which TokenizeHf cuts it", refused);
    }

    [TestMethod]
    public void RowsWithoutAnyTextAreNotNoRows() => Assert.Contains(
        "There is nothing to learn in the training data: it has 2 rows, and no text of two tokens or more.",
        Assert.ThrowsExactly<ArgumentException>(() => Tokens().Append(_ml.HfTrainer.CausalLM(Options(1))).Fit(_ml.Data.LoadFromEnumerable(new[] { new Line(), new Line { Text = " " } }))).Message);

    // A line without a word has no token to learn.
    [TestMethod]
    public void EmptyTextsAreSkippedInTraining()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Line { Text = "" }, new Line { Text = "red is called rouge" } });
        using var trained = (IDisposable)Tokens().Append(_ml.HfTrainer.CausalLM(Options(2))).Fit(data);
        Assert.IsFalse(double.IsNaN(((IEnumerable<ITransformer>)trained).OfType<CausalLMTransformer>().Single().TrainOutput!.TrainingLoss));
    }

    [TestMethod]
    public void OptionsThatContradictEachOtherAreRefused()
    {
        var options = Options(1);
        options.CompletionColumnName = "Contents";
        var data = _ml.Data.LoadFromEnumerable(new[] { new Talk { Roles = ["user", "assistant"], Contents = ["red", "rouge"] } });
        Assert.Contains("it should be", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Chats().Append(_ml.HfTrainer.CausalLM(options)).Fit(data)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.HfTrainer.CausalLM(new() { MaxLength = 1 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.HfTrainer.CausalLM(new() { Packing = (TextPacking)7 }));
        var chat = TokenizeHfOptions.ForChat(model: _model.Folder);
        (chat.PairColumnName, chat.TextPrefix) = ("Other", "");
        Assert.Contains("PairColumnName 'Other'", Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(chat)).Message);
        using var plain = new TinyModel();
        Assert.Contains("has no chat template", Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForChat(model: plain.Folder))).Message);
    }

    // A bidirectional encoder has no such head.
    [TestMethod]
    public void AHeadThatTheArchitectureDoesNotHaveIsRefused()
    {
        using var encoder = TinyLanguageModel.EncoderDecoder("red");
        var data = _ml.Data.LoadFromEnumerable(new[] { new Line { Text = "red red" } });
        var refused = Assert.ThrowsExactly<NotSupportedException>(() => _ml.Transforms.Text.TokenizeHf("Text", model: encoder.Folder).Append(_ml.HfTrainer.CausalLM(Options(1))).Fit(data));
        Assert.Contains("Seq2SeqLM", refused.Message);
    }

    private static CausalLMOptions Options(int epochs) => new()
    {
        Arguments = new() { NumTrainEpochs = epochs, PerDeviceTrainBatchSize = 6, LearningRate = 1e-2, LrSchedulerType = "constant" },
        Generation = new() { MaxNewTokens = 6 },
    };

    private TokenizeHfEstimator Tokens() => _ml.Transforms.Text.TokenizeHf("Text", model: _model.Folder);

    private TokenizeHfEstimator Chats() => _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForChat(model: _model.Folder));

    private List<string> Read(ITransformer model, IDataView data) => [.. _ml.Data.CreateEnumerable<Continuation>(model.Transform(data), reuseRowObject: false).Select(row => row.GeneratedText)];

    private sealed class Line
    {
        public string Text { get; set; } = "";

        public string Completion { get; set; } = "";
    }

    private sealed class Talk
    {
        public string[] Roles { get; set; } = [];

        public string[] Contents { get; set; } = [];
    }

    private sealed class Continuation
    {
        public string GeneratedText { get; set; } = "";
    }
}
