using Microsoft.Extensions.AI;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Sentences;

[TestClass]
public sealed class HfEmbeddingGeneratorTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestInitialize]
    public void Describe() => Sentence.Describe(_model, PretrainedConfig.FromPretrained(_model.Folder).GetSize("hidden_size"));

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public async Task TextsComeBackInTheirOrderWithTheNumbersOfThePipeline()
    {
        var rows = Sentence.Some(70);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Transforms.Text.TokenizeHf(TokenizeHfOptions.ForSentenceEmbedding(model: _model.Folder, promptName: "passage")).Append(_ml.HfTrainer.PretrainedSentenceEmbedding()).Fit(data);
        using var owned = (IDisposable)model;
        var expected = _ml.Data.CreateEnumerable<Embedded>(model.Transform(data), reuseRowObject: false).ToList();
        using var own = HfEmbeddingGenerator.FromPretrained(_model.Folder);
        using var shared = model.LastTransformer.ToEmbeddingGenerator();
        foreach (var (generator, options) in new[] { (own, new EmbeddingGenerationOptions { AdditionalProperties = new() { [HfEmbeddingGenerator.PromptNameProperty] = "passage" } }), (shared, null!) })
        {
            var found = await generator.GenerateAsync(rows.Select(row => row.Text), options);
            Assert.HasCount(70, found);
            foreach (var (one, other) in expected.Zip(found))
                AssertClose(one.Embedding, other.Vector.ToArray());
        }
    }

    [TestMethod]
    public async Task APromptIsTheDefaultOrChosen()
    {
        using var generator = HfEmbeddingGenerator.FromPretrained(_model.Folder);
        Assert.AreEqual("We ask: ", generator.DefaultPrompt);
        var byDefault = await VectorOf(generator, null);
        AssertClose(byDefault, await VectorOf(generator, With(HfEmbeddingGenerator.PromptNameProperty, "query")));
        AssertClose(byDefault, await VectorOf(generator, With(HfEmbeddingGenerator.PromptProperty, "we ask: ")));
        Assert.AreNotEqual(byDefault[0], (await VectorOf(generator, With(HfEmbeddingGenerator.PromptProperty, "")))[0], 1e-6);
        var refused = await Assert.ThrowsExactlyAsync<ArgumentException>(() => VectorOf(generator, With(HfEmbeddingGenerator.PromptNameProperty, "document")));
        Assert.Contains("no prompt 'document'; its prompts are query, passage", refused.Message);
    }

    [TestMethod]
    public async Task UsageAndMetadataAreThere()
    {
        using var generator = HfEmbeddingGenerator.FromPretrained(_model.Folder);
        var found = await generator.GenerateAsync(["film", "very good film"], With(HfEmbeddingGenerator.PromptProperty, ""));
        Assert.AreEqual((8L, 8L), (found.Usage!.InputTokenCount, found.Usage.TotalTokenCount), "3 and 5 tokens");
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.AreEqual(("huggingface", _model.Name, 6), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.AreSame(generator, generator.GetService(typeof(IEmbeddingGenerator<string, Embedding<float>>)));
        Assert.IsNull(generator.GetService(typeof(HfTokenizer), "key"));
        Assert.AreEqual(metadata.DefaultModelId, found[0].ModelId);
        Assert.IsEmpty(await generator.GenerateAsync([]));
    }

    [TestMethod]
    public async Task DimensionsAreTheFirstOfAllAndHaveLengthOneAgain()
    {
        using var generator = HfEmbeddingGenerator.FromPretrained(_model.Folder);
        var (all, some) = (await VectorOf(generator, null), await VectorOf(generator, new() { Dimensions = 3 }));
        Assert.HasCount(3, some);
        Assert.AreEqual(1, Math.Sqrt(some.Sum(x => (double)x * x)), 1e-5);
        Assert.AreEqual(all[0] / all[1], some[0] / some[1], 1e-4);
        await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(() => VectorOf(generator, new() { Dimensions = 7 }));
    }

    [TestMethod]
    public async Task WhatCannotBeDoneIsSaid()
    {
        using var generator = HfEmbeddingGenerator.FromPretrained(_model.Folder);
        Assert.Contains("Text 1 of 2 is null", (await Assert.ThrowsExactlyAsync<ArgumentException>(() => generator.GenerateAsync(["film", null!]))).Message);
        await Assert.ThrowsAsync<OperationCanceledException>(() => generator.GenerateAsync(["film"], cancellationToken: new CancellationToken(true)));
        using var other = AutoModel.FromPretrained(TinyBert.Folder);
        Assert.Contains("AutoModelForSentenceEmbedding", Assert.ThrowsExactly<ArgumentException>(() => new HfEmbeddingGenerator(other, generator.GetService<HfTokenizer>()!)).Message);
        generator.Dispose();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => generator.GenerateAsync(["film"]));
    }

    [TestMethod]
    public async Task ManyThreadsShareOneGeneratorAndLeaveNothingBehind()
    {
        using var generator = HfEmbeddingGenerator.FromPretrained(_model.Folder);
        var expected = await VectorOf(generator, null);
        var live = new LiveTensors();
        foreach (var vector in await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => VectorOf(generator, null))))
            AssertClose(expected, vector);
        live.AssertUnchanged();
    }

    private static async Task<float[]> VectorOf(HfEmbeddingGenerator generator, EmbeddingGenerationOptions? options) => (await generator.GenerateAsync(["Very good film"], options))[0].Vector.ToArray();

    private static EmbeddingGenerationOptions With(string name, string value) => new() { AdditionalProperties = new() { [name] = value } };

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5);
    }
}
