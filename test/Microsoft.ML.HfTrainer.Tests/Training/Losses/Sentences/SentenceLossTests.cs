using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training.Losses.Sentences;

[TestClass]
public sealed class SentenceLossTests
{
    public static IEnumerable<object[]> Names => SentenceLosses.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void ALossKnowsItsNameAndHasFiniteGradients(string name)
    {
        using var scope = NewDisposeScope();
        var loss = SentenceLosses.Get(name);
        Assert.AreEqual(name, loss.Name);
        var texts = Texts(loss.MinTexts);
        // Equal embeddings are where roots and quotients go wrong.
        using (no_grad())
            foreach (var text in texts)
                text[1].copy_(texts[0][0]);
        var value = loss.Compute(texts, Labels(loss.Labels));
        value.backward();
        Assert.IsTrue(float.IsFinite(value.item<float>()));
        foreach (var text in texts)
            Assert.IsTrue(text.grad!.isfinite().all().item<bool>(), $"gradient of {name}");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void ABatchOfOneClassOrOfNoPairsLeavesTheModelAlive(string name)
    {
        using var scope = NewDisposeScope();
        var loss = SentenceLosses.Get(name);
        if (loss.Labels is not (SentenceLabels.Class or SentenceLabels.Binary))
            return;
        foreach (var labels in new long[][] { [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5] })
        {
            if (loss.Labels == SentenceLabels.Binary && labels[^1] > 1)
                continue;
            var texts = Texts(loss.MinTexts);
            var value = loss.Compute(texts, tensor(labels));
            value.backward();
            Assert.IsTrue(float.IsFinite(value.item<float>()), $"{name}: {value.item<float>()} with the labels {string.Join(", ", labels)}");
            foreach (var text in texts)
                Assert.IsTrue(text.grad!.isfinite().all().item<bool>(), $"gradient of {name} with the labels {string.Join(", ", labels)}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TheTensorsOfALossAreFreed(string name)
    {
        var loss = SentenceLosses.Get(name);
        using var scope = NewDisposeScope();
        var (texts, labels) = (Texts(loss.MinTexts), Labels(loss.Labels));
        var live = new LiveTensors();
        loss.Compute(texts, labels).Dispose();
        live.AssertUnchanged();
    }

    [TestMethod]
    public void MicroBatchesCountByTheirExamples()
    {
        using var scope = NewDisposeScope();
        var loss = new CosineSimilarityLoss();
        var (vectors, scores) = (randn(12, 8), rand(6));
        var whole = Of(vectors, scores, 6);
        var parts = Of(vectors.narrow(0, 0, 4), scores.narrow(0, 0, 2), 6) + Of(vectors.narrow(0, 4, 8), scores.narrow(0, 2, 4), 6);
        Assert.AreEqual(whole, parts, 1e-6);
        Assert.AreEqual(whole, Of(vectors, scores, null), 1e-6);

        float Of(Tensor rows, Tensor labels, long? count)
        {
            using var batch = new Batch { Size = (int)labels.shape[0] };
            batch[Batch.Labels] = labels.clone();
            return loss.ToLossFunction()(new ModelOutput { Name = "sentence_embedding", Logits = rows }, batch, count).item<float>();
        }
    }

    [TestMethod]
    public void TextsAndLabelsAreCounted()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("takes 2 texts of each example; there are embeddings of 3", Assert.ThrowsExactly<ArgumentException>(() => new CoSentLoss().Compute(Texts(3), rand(6))).Message);
        Assert.Contains("takes 2 or more texts", Assert.ThrowsExactly<ArgumentException>(() => new MultipleNegativesRankingLoss().Compute(Texts(1))).Message);
        Assert.Contains("needs labels (Score)", Assert.ThrowsExactly<ArgumentException>(() => new CoSentLoss().Compute(Texts(2))).Message);
        Assert.Contains("takes labels [6] (Score)", Assert.ThrowsExactly<ArgumentException>(() => new CoSentLoss().Compute(Texts(2), rand(5))).Message);
        Assert.Contains("even size", Assert.ThrowsExactly<ArgumentException>(() => new AngleLoss().Compute([randn(4, 3), randn(4, 3)], rand(4))).Message);
    }

    [TestMethod]
    public void TheRegistryNamesWhatItDoesNotKnow()
    {
        Assert.Contains("Did you mean 'CoSENTLoss'?", Assert.ThrowsExactly<ArgumentException>(() => SentenceLosses.Get("CosentLoss")).Message);
        Assert.Contains("does not take the argument 'margin'; it takes scale", Assert.ThrowsExactly<ArgumentException>(() => SentenceLosses.Get("AnglELoss", new() { ["margin"] = 1 })).Message);
        Assert.Contains("should be one of cosine, euclidean, manhattan", Assert.ThrowsExactly<ArgumentException>(() => SentenceLosses.Get("TripletLoss", new() { ["distance"] = "hamming" })).Message);
        SentenceLosses.Register("ScaledForTests", given => new CoSentLoss { Scale = given.Number("scale", 1) });
        Assert.AreEqual(3, ((CoSentLoss)SentenceLosses.Get("ScaledForTests", new() { ["scale"] = 3 })).Scale);
        Assert.AreEqual(SentenceDistance.Manhattan, ((TripletLoss)SentenceLosses.Get("TripletLoss", new() { ["distance"] = "manhattan" })).Distance);
    }

    private static List<Tensor> Texts(int count) => [.. Enumerable.Range(0, count).Select(_ => randn(6, 8).requires_grad_())];

    private static Tensor? Labels(SentenceLabels labels) => labels switch
    {
        SentenceLabels.None => null,
        SentenceLabels.Score => rand(6),
        SentenceLabels.Vector => randn(6, 8),
        _ => tensor(new long[] { 0, 1, 1, 0, 1, 0 }),
    };
}
