using Microsoft.ML.HfTrainer.Models.Sentences;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public class SentenceEmbeddingTests
{
    private const int Padding = 0;

    private static readonly int[][] _texts = [[7, 8, 9, 10, 11], [21], [12, 13, 14]];

    public static IEnumerable<object[]> Poolings => Enum.GetValues<EmbeddingPooling>().Select(pooling => new object[] { pooling });

    [TestMethod]
    [DynamicData(nameof(Poolings))]
    public void A_vector_is_made_of_the_tokens_of_its_text_alone(EmbeddingPooling pooling)
    {
        using var scope = NewDisposeScope();
        using var model = Model(pooling);
        using var alone = AutoModel.FromPretrained(TinyBert.Folder);
        foreach (var side in new[] { Side.Right, Side.Left })
        {
            using var batch = Texts(side);
            var hidden = alone.call(batch).LastHiddenState!;
            var vectors = model.call(batch).SentenceEmbedding!;
            CollectionAssert.AreEqual(new[] { (long)_texts.Length, model.SentenceEmbedding!.Size }, vectors.shape);
            foreach (var (row, text) in _texts.Index())
            {
                var first = side == Side.Left ? hidden.shape[1] - text.Length : 0;
                var tokens = hidden[row].narrow(0, first, text.Length);
                var places = arange(1, text.Length + 1).add_(tensor(first)).to(ScalarType.Float32).unsqueeze(1);
                var expected = pooling switch
                {
                    EmbeddingPooling.Mean => tokens.mean([0L]),
                    EmbeddingPooling.Cls => tokens[0],
                    EmbeddingPooling.LastToken => tokens[text.Length - 1],
                    EmbeddingPooling.Max => tokens.amax([0L]),
                    EmbeddingPooling.MeanSqrtLength => tokens.sum([0L]) / tensor((float)Math.Sqrt(text.Length)),
                    _ => (tokens * places).sum([0L]) / places.sum(),
                };
                AssertClose(expected, vectors[row], $"{side}, text {row}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Poolings))]
    public void Without_padding_every_number_is_the_same(EmbeddingPooling pooling)
    {
        using var model = Model(pooling, normalize: true);
        var live = new LiveTensors();
        var expected = Gradients(packed: false);
        var actual = Gradients(packed: true);
        Assert.IsNotEmpty(expected);
        foreach (var (name, numbers) in expected)
            foreach (var (should, was) in numbers.Zip(actual[name]))
                Assert.AreEqual(should, was, 1e-5 + 1e-4 * Math.Abs(should), name);
        model.zero_grad(set_to_none: true);
        live.AssertUnchanged();

        Dictionary<string, float[]> Gradients(bool packed)
        {
            using var scope = NewDisposeScope();
            using var batch = Texts(Side.Right);
            batch.Packed = packed;
            model.zero_grad(set_to_none: true);
            var vectors = model.call(batch).SentenceEmbedding!;
            // Of a vector of length 1, the sum of squares would have no gradient.
            (vectors * arange(vectors.shape[1]).to(ScalarType.Float32)).sum().backward();
            var numbers = model.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => GoldenTensor.Of(p.parameter.grad!).Values);
            numbers["vectors"] = GoldenTensor.Of(vectors).Values;
            return numbers;
        }
    }

    [TestMethod]
    public void Normalised_vectors_have_the_length_1()
    {
        using var scope = NewDisposeScope();
        using var plain = Model(EmbeddingPooling.Mean);
        using var normalised = Model(EmbeddingPooling.Mean, normalize: true);
        Assert.IsFalse(plain.SentenceEmbedding!.Normalize);
        Assert.IsTrue(normalised.SentenceEmbedding!.Normalize);
        using var batch = Texts(Side.Right);
        var vectors = plain.call(batch).SentenceEmbedding!;
        AssertClose(vectors / vectors.square().sum(1, keepdim: true).sqrt(), normalised.call(batch).SentenceEmbedding!, "normalised");
    }

    [TestMethod]
    public void A_text_without_tokens_is_no_nan()
    {
        using var scope = NewDisposeScope();
        using var model = Model(EmbeddingPooling.Mean, normalize: true);
        using var batch = new Batch { ["input_ids"] = zeros([1, 3], ScalarType.Int64), ["attention_mask"] = zeros([1, 3], ScalarType.Int64) };
        CollectionAssert.AreEqual(new float[model.SentenceEmbedding!.Size], GoldenTensor.Of(model.call(batch).SentenceEmbedding!).Values);
    }

    [TestMethod]
    public void Whatever_gives_hidden_states_embeds_sentences()
    {
        foreach (var architecture in Architecture.Registered.Values.Where(a => a.Heads.Contains(ModelHead.Base)))
            CollectionAssert.Contains(architecture.Heads.ToList(), ModelHead.SentenceEmbedding, architecture.ModelType);
    }

    [TestMethod]
    [DataRow("""{ "model_type": "bert" }""", EmbeddingPooling.Mean)]
    [DataRow("""{ "model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"] }""", EmbeddingPooling.LastToken)]
    [DataRow("""{ "model_type": "qwen3", "architectures": ["Qwen3Model"] }""", EmbeddingPooling.Mean)]
    [DataRow("""{ "model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "is_causal": false }""", EmbeddingPooling.Mean)]
    public void Where_nothing_is_said_the_model_decides_the_pooling(string config, EmbeddingPooling expected)
    {
        var modules = SentenceModules.Default(PretrainedConfig.Parse("here", System.Text.Encoding.UTF8.GetBytes(config)));
        CollectionAssert.AreEqual(new[] { expected }, modules.Poolings.Select(p => p.Value).ToList());
        Assert.IsEmpty(modules.Steps);
    }

    [TestMethod]
    public void A_model_without_files_is_made_as_asked_for()
    {
        using var model = AutoModelForSentenceEmbedding.FromConfig(PretrainedConfig.FromPretrained(TinyBert.Folder), new() { Pooling = EmbeddingPooling.Max, NormalizeEmbeddings = true });
        CollectionAssert.AreEqual(new[] { EmbeddingPooling.Max }, model.SentenceEmbedding!.Pooling.ToList());
        Assert.IsTrue(model.SentenceEmbedding.Normalize);
        using var other = AutoModel.FromPretrained(TinyBert.Folder);
        Assert.IsNull(other.SentenceEmbedding);
    }

    [TestMethod]
    public void Sentences_of_alike_meaning_are_near_each_other()
    {
        var folder = Path.Combine(GoldenFolder.Repository, "src", "Microsoft.ML.HfTrainer.MiniLM", "model");
        using var scope = NewDisposeScope();
        using var model = AutoModelForSentenceEmbedding.FromPretrained(folder, new() { NormalizeEmbeddings = true });
        var tokenizer = HfTokenizer.FromPretrained(folder);
        string[] sentences =
        [
            "A man is eating a piece of bread.", "Someone has a slice of toast for breakfast.",
            "The stock market fell sharply on Monday.", "Shares lost much of their value at the start of the week.",
        ];
        using var batch = new DataCollatorWithPadding(tokenizer).Collate([.. sentences.Select(sentence => new Example(tokenizer.Encode(sentence)))]);
        var vectors = model.call(batch).SentenceEmbedding!.detach();
        Assert.AreEqual(384, vectors.shape[1]);
        var cosines = vectors.matmul(vectors.T);
        float Cosine(int one, int other) => cosines[one, other].item<float>();
        foreach (var (one, other) in new[] { (0, 2), (0, 3), (1, 2), (1, 3) })
        {
            Assert.IsLessThan(Cosine(0, 1), Cosine(one, other));
            Assert.IsLessThan(Cosine(2, 3), Cosine(one, other));
        }
        // The output of sentence-transformers with the same pooling.
        Assert.AreEqual(0.52456, Cosine(0, 1), 1e-4);
        Assert.AreEqual(0.56387, Cosine(2, 3), 1e-4);
        Assert.AreEqual(-0.02420, Cosine(0, 3), 1e-4);
    }

    [TestMethod]
    public void Training_brings_texts_of_one_label_together()
    {
        using var model = Model(EmbeddingPooling.Mean, normalize: true);
        var data = TinyBert.Data(24);
        var before = Loss(model, data);
        using var trainer = new Trainer(model, new TrainingArguments { MaxSteps = 30, PerDeviceTrainBatchSize = 8, LearningRate = 3e-3, Seed = 3 }, data, dataCollator: TinyBert.Collator)
        {
            ComputeLossFunc = (output, batch, _) => OfNeighbours(output, batch.Get(Batch.Labels)),
        };
        trainer.Train();
        Assert.IsLessThan(before / 2, Loss(model, data));
    }

    private static float Loss(PretrainedModel model, Dataset data)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        model.eval();
        using var batch = TinyBert.Collator.Collate([.. Enumerable.Range(0, data.Count).Select(i => data[i])]);
        return OfNeighbours(model.call(batch), batch.Get(Batch.Labels)).item<float>();
    }

    // Cosines should be 1 within a class and 0 between classes.
    private static Tensor OfNeighbours(ModelOutput output, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var vectors = output.SentenceEmbedding!;
        var wanted = labels.unsqueeze(0).eq(labels.unsqueeze(1)).to(vectors.dtype);
        return nn.functional.mse_loss(vectors.matmul(vectors.T), wanted).MoveToOuterDisposeScope();
    }

    private static PretrainedModel Model(EmbeddingPooling pooling, bool normalize = false) =>
        AutoModelForSentenceEmbedding.FromPretrained(TinyBert.Folder, new() { Pooling = pooling, NormalizeEmbeddings = normalize });

    private static Batch Texts(Side side) => new DataCollatorWithPadding(Padding, side: side).Collate([.. _texts.Select(ids => new Example { ["input_ids"] = ids })]);

    private static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        var differences = new Differences();
        differences.Tensor(what, GoldenTensor.Of(expected), actual, 1e-6, 1e-5);
        differences.AssertNone();
    }

    [TestMethod]
    [DataRow(Side.Right)]
    [DataRow(Side.Left)]
    public void The_tokens_of_a_prompt_are_not_pooled_where_the_folder_says_so(Side side)
    {
        using var scope = NewDisposeScope();
        using var model = Model(EmbeddingPooling.Mean);
        using var alone = AutoModel.FromPretrained(TinyBert.Folder);
        using var batch = Texts(side);
        var hidden = alone.call(batch).LastHiddenState!;
        batch[SentenceEmbeddingSettings.PromptLengthName] = tensor(new long[] { 2, 0, 1 }).DetachFromDisposeScope();
        Assert.IsTrue(model.SentenceEmbedding!.IncludePrompt);
        AssertClose(Expected(0, 0), model.call(batch).SentenceEmbedding![0], "with the prompt");
        model.SentenceEmbedding.IncludePrompt = false;
        var vectors = model.call(batch).SentenceEmbedding!;
        AssertClose(Expected(0, 2), vectors[0], "a prompt of 2");
        AssertClose(Expected(1, 0), vectors[1], "no prompt");
        AssertClose(Expected(2, 1), vectors[2], "a prompt of 1");

        Tensor Expected(int row, int prompt)
        {
            var first = side == Side.Left ? hidden.shape[1] - _texts[row].Length : 0;
            return hidden[row].narrow(0, first + prompt, _texts[row].Length - prompt).mean([0L]);
        }
    }

    [TestMethod]
    public void The_setting_of_prompts_is_saved_and_their_length_counted()
    {
        using var folder = new Formats.TemporaryFolder();
        using var model = Model(EmbeddingPooling.Mean);
        model.SentenceEmbedding!.IncludePrompt = false;
        model.SavePretrained(folder.Path);
        using var saved = AutoModelForSentenceEmbedding.FromPretrained(folder.Path);
        Assert.IsFalse(saved.SentenceEmbedding!.IncludePrompt);
        CollectionAssert.Contains(saved.InputNames.ToList(), SentenceEmbeddingSettings.PromptLengthName);
        // [CLS] the sea, without [SEP]
        Assert.AreEqual(3, SentenceEmbeddingSettings.PromptLength(Tokenization.TinyTokenizer.Load(), "the sea"));
    }
}
