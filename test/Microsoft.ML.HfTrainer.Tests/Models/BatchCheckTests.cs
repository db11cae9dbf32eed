using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Values that a model cannot take are refused by name, whichever head and whichever way they come.</summary>
[TestClass]
public sealed class BatchCheckTests
{
    private const string Second = "Example 1 of the batch has ";

    // What is wrong with the second example of a golden batch, and what the message says.
    private static readonly Dictionary<string, (string Model, Action<Batch> Spoil, string[] Said)> _faults = new()
    {
        ["a token id of no row"] = ("bert.sequence-classification", b => Set(b, "input_ids", 120), [Second + "120 in 'input_ids'", "0 to 119", "ResizeTokenEmbeddings"]),
        ["a negative token id"] = ("gpt2.causal-lm", b => Set(b, "input_ids", -100), [Second + "-100 in 'input_ids'"]),
        ["a token type of no row"] = ("bert.token-classification", b => Set(b, "token_type_ids", 2), [Second + "2 in 'token_type_ids'", "0 to 1"]),
        ["a position of no row"] = ("bert.base", b => b["position_ids"] = Like(b, 48), ["48 in 'position_ids'", "0 to 47"]),
        ["real-valued token ids"] = ("distilbert.base", b => Replace(b, "input_ids", ids => ids.to(ScalarType.Float32)), ["real number", "'input_ids'"]),
        ["a class beyond the last"] = ("bert.sequence-classification", b => Set(b, "labels", 3), [Second + "3 in 'labels'", "0 to 2", "-100"]),
        ["a negative class"] = ("distilbert.sequence-classification", b => Set(b, "labels", -1), [Second + "-1 in 'labels'", "0 to"]),
        ["too few labels"] = ("bert.sequence-classification", b => Replace(b, "labels", l => l.narrow(0, 0, 1).clone()), ["1 numbers in 'labels'", "one for each row"]),
        ["a label for a text, not for tokens"] = ("bert.token-classification", b => Replace(b, "labels", l => l.select(1, 0).clone()), ["1 numbers in 'labels'", "one for each row"]),
        ["a class of a token"] = ("bert.token-classification", b => Set(b, "labels", 99), [Second + "99 in 'labels'"]),
        ["a choice beyond the last"] = ("bert.multiple-choice", b => Set(b, "labels", 9), [Second + "9 in 'labels'"]),
        ["a token id of a choice"] = ("bert.multiple-choice", b => Set(b, "input_ids", 500), [Second + "500 in 'input_ids'"]),
        ["a masked token of no row"] = ("bert.masked-lm", b => Set(b, "labels", 120), [Second + "120 in 'labels'", "0 to 119"]),
        ["a next token of no row"] = ("opt.causal-lm", b => Set(b, "labels", 5000), [Second + "5000 in 'labels'"]),
        ["a target token of no row"] = ("t5.seq2seq-lm", b => Set(b, "labels", 5000), [Second + "5000 in 'labels'"]),
        ["a decoder's token of no row"] = ("marian.seq2seq-lm", b => b["decoder_input_ids"] = Like(b, 5000), ["5000 in 'decoder_input_ids'"]),
        ["a real-valued position of an answer"] = ("bert.question-answering", b => Replace(b, "start_positions", p => p.to(ScalarType.Float32)), ["real number", "'start_positions'"]),
        ["a label between 0 and 1"] = ("bert.sequence-classification.multi-label", b => Replace(b, "labels", l => full_like(l, 0.5, ScalarType.Float32)), ["0.5 in 'labels'", "0 or 1", "ComputeLossFunc"]),
        ["a short label vector"] = ("bert.sequence-classification.multi-label", b => Replace(b, "labels", l => l.narrow(1, 0, 2).clone()), ["2 numbers in 'labels'", "multi_label_classification"]),
        ["two numbers for one output"] = ("bert.sequence-classification.regression", b => Replace(b, "labels", l => stack([l, l], 1)), ["2 numbers in 'labels'", "regression"]),
        ["no tokens at all"] = ("bert.base", b => Replace(b, "input_ids", ids => ids.narrow(1, 0, 0).clone()), ["no tokens in 'input_ids'"]),
        ["a mask of another length"] = ("distilbert.sequence-classification", b => Replace(b, "attention_mask", m => m.narrow(1, 0, 2).clone()), ["2 numbers in 'attention_mask'", "'input_ids'"]),
        ["a text without its list"] = ("bert.base", b => Replace(b, "input_ids", ids => ids.select(1, 0).clone()), ["'input_ids'", "list"]),
    };

    public static IEnumerable<object[]> Faults => _faults.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Faults))]
    public void A_model_refuses(string fault)
    {
        var (folder, spoil, said) = _faults[fault];
        var golden = new ModelCase(Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "models", folder));
        using var scope = NewDisposeScope();
        using var model = golden.Open(default);
        using var batch = golden.Batch();
        spoil(batch);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => model.call(batch)).Message;
        foreach (var part in said)
            StringAssert.Contains(message, part);
    }

    [TestMethod]
    [DataRow("bert", 49)]
    [DataRow("roberta", 0)]
    [DataRow("gpt2", 0)]
    [DataRow("opt", 0)]
    [DataRow("bart", 0)]
    [DataRow("marian", 0)]
    [DataRow("pegasus", 0)]
    [DataRow("albert", 0)]
    [DataRow("mpnet", 0)]
    [DataRow("distilbert", 0)]
    [DataRow("electra", 0)]
    public void A_text_beyond_the_positions_is_refused_and_one_of_as_many_is_not(string modelType, int _)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        SmallModels.Make(folder.Path, modelType, ModelHead.Base);
        using var model = (HeadedModel)GoldenModel.Open(folder.Path, ModelHead.Base, default);
        var most = (int)model.Body.MaxLength!.Value;
        model.call(Text(most)).Logits.sum().item<float>();
        using var tooLong = Text(most + 1);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => model.call(tooLong)).Message;
        StringAssert.Contains(message, $"{most + 1} tokens in 'input_ids'; the model has positions for {most}");

        static Batch Text(int length) => new() { Size = 1, HasPadding = false, ["input_ids"] = full([1, length], 7, ScalarType.Int64).DetachFromDisposeScope() };
    }

    [TestMethod]
    [DataRow(Side.Right)]
    [DataRow(Side.Left)]
    public void A_text_without_tokens_is_refused_beside_others(Side side)
    {
        using var scope = NewDisposeScope();
        using var model = TinyBert.Model();
        using var batch = new DataCollatorWithPadding(0, side: side).Collate([Tokens(3), Tokens(0)]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => model.call(batch)).Message, "Example 1 of the batch has no tokens in 'input_ids'");
        using var vectors = AutoModelForSentenceEmbedding.FromPretrained(TinyBert.Folder);
        Assert.AreEqual(0, vectors.call(batch).SentenceEmbedding![1].abs().sum().item<float>());
    }

    [TestMethod]
    public void The_longest_text_is_named_and_not_the_padding()
    {
        using var scope = NewDisposeScope();
        using var model = TinyBert.Model();
        var most = model.Config.GetInt("max_position_embeddings");
        using var batch = TinyBert.Collator.Collate([Tokens(3), Tokens(most + 2), Tokens(4)]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => model.call(batch)).Message, $"Example 1 of the batch has {most + 2} tokens");
        using var padded = new DataCollatorWithPadding(0, padToMultipleOf: most + 8).Collate([Tokens(3), Tokens(5)]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => model.call(padded)).Message, $"Example 1 of the batch has 5 tokens in 'input_ids'; the model has positions for {most}, and the batch is padded to {most + 8}");
    }

    [TestMethod]
    [DataRow("train")]
    [DataRow("train with workers")]
    [DataRow("train with smoothed labels")]
    [DataRow("train on a stream")]
    [DataRow("evaluate")]
    [DataRow("predict")]
    [DataRow("evaluate a stream")]
    public void A_trainer_names_the_example_and_its_feature(string way)
    {
        var examples = TinyBert.Data(10).ToList();
        examples[7] = new Example(examples[7]) { ["label"] = 3 };
        examples[7].Remove("labels");
        var data = Dataset.From(examples);
        var stream = IterableDataset.From(() => examples);
        using var model = TinyBert.Model();
        var args = new TrainingArguments
        {
            MaxSteps = 5, PerDeviceTrainBatchSize = 4, PerDeviceEvalBatchSize = 4, DataloaderNumWorkers = way.EndsWith("workers", StringComparison.Ordinal) ? 2 : 0,
            LabelSmoothingFactor = way.EndsWith("labels", StringComparison.Ordinal) ? 0.1 : 0,
        };
        using var trainer = new Trainer(model, args, way.EndsWith("stream", StringComparison.Ordinal) ? stream : data, dataCollator: TinyBert.Collator);
        var message = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            if (way.StartsWith("train", StringComparison.Ordinal))
                trainer.Train();
            else if (way == "predict")
                trainer.Predict(data).Dispose();
            else
                trainer.Evaluate(way == "evaluate" ? data : stream);
        }).Message;
        StringAssert.Contains(message, "Example 7 has 3 in 'label'; labels are classes, whole numbers from 0 to 2, or -100 where there is none.");
    }

    [TestMethod]
    public void A_file_is_named_with_the_row()
    {
        using var folder = new TemporaryFolder();
        var path = folder["rows.jsonl"];
        File.WriteAllLines(path, ["""{"input_ids":[2,7,3],"label":0}""", """{"input_ids":[2,700,3],"label":1}"""]);
        using var model = TinyBert.Model();
        using var data = Dataset.FromJsonLines(path);
        using var trainer = new Trainer(model, evalDataset: data, dataCollator: TinyBert.Collator);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => trainer.Evaluate()).Message, $"Example 1 ({path}, row 2) has 700 in 'input_ids'");
    }

    [TestMethod]
    public void A_loss_of_ones_own_may_take_any_labels()
    {
        using var model = TinyBert.Model();
        var data = Dataset.From(TinyBert.Data(8).Select(e => new Example(e) { ["label"] = 7 }));
        using var trainer = new Trainer(model, new TrainingArguments { MaxSteps = 1 }, data, dataCollator: TinyBert.Collator) { ComputeLossFunc = (output, _, _) => output.Logits.mean() };
        trainer.Train();
    }

    [TestMethod]
    public void Labels_that_are_refused_leave_the_problem_type_undecided()
    {
        using var scope = NewDisposeScope();
        using var model = TinyBert.Model();
        model.Config.ProblemType = null;
        using var batch = TinyBert.Batch(4, packed: false);
        Replace(batch, Batch.Labels, labels => labels.to(ScalarType.Float32));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => model.call(batch)).Message, "its index is given as a whole number");
        Replace(batch, Batch.Labels, labels => labels.to(ScalarType.Int64));
        Assert.IsNotNull(model.call(batch).Loss);
        Assert.AreEqual(ProblemType.SingleLabelClassification, model.Config.ProblemType);
    }

    [TestMethod]
    public void A_padding_id_beyond_the_vocabulary_names_its_field()
    {
        var config = PretrainedConfig.FromPretrained(TinyBert.Folder);
        config.Set("pad_token_id", JsonValue.Create(5000));
        var message = Assert.ThrowsExactly<InvalidDataException>(() => AutoModelForSequenceClassification.FromConfig(config).Dispose()).Message;
        StringAssert.Contains(message, "pad_token_id");
        StringAssert.Contains(message, "5000");
    }

    [TestMethod]
    public void A_negative_padding_id_counts_from_the_end() => Assert.AreEqual(9, new Microsoft.ML.HfTrainer.Models.Layers.Embedding(10, 4, -1).PaddingIndex);

    [TestMethod]
    public void A_decoder_input_that_comes_from_labels_is_named_as_these()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        SmallModels.Make(folder.Path, "t5", ModelHead.Seq2SeqLM);
        using var model = GoldenModel.Open(folder.Path, ModelHead.Seq2SeqLM, default);
        var data = Dataset.From(new[] { 8, 7000 }.Select(id => new Example { ["input_ids"] = new[] { 7, 8 }, ["labels"] = new[] { id, 9 } }));
        using var trainer = new Trainer(model, dataCollator: new DataCollatorForSeq2Seq(Data.Collators.Collators.Tokenizer, model));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => trainer.Evaluate(data)).Message, "Example 1 has 7000 in 'labels'");
    }

    [TestMethod]
    public void A_decoder_mask_of_another_length_is_refused()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        SmallModels.Make(folder.Path, "t5", ModelHead.Seq2SeqLM);
        using var model = GoldenModel.Open(folder.Path, ModelHead.Seq2SeqLM, default);
        using var batch = new Batch
        {
            Size = 2,
            ["input_ids"] = full([2, 4], 7, ScalarType.Int64).DetachFromDisposeScope(),
            ["decoder_input_ids"] = full([2, 3], 7, ScalarType.Int64).DetachFromDisposeScope(),
            ["decoder_attention_mask"] = ones([2, 2], ScalarType.Int64).DetachFromDisposeScope(),
        };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => model.call(batch)).Message, "2 numbers in 'decoder_attention_mask'; one for each of the 3 tokens in 'decoder_input_ids'");
        batch.Remove("decoder_input_ids", out var ids);
        ids!.Dispose();
        batch[Batch.Labels] = zeros([2, 0], ScalarType.Int64).DetachFromDisposeScope();
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => model.call(batch)).Message, "at least one token");
    }

    [TestMethod]
    public void A_text_without_its_end_is_named_where_it_is_classified_there()
    {
        using var folder = new TemporaryFolder();
        SmallModels.Make(folder.Path, "bart", ModelHead.SequenceClassification);
        using var model = GoldenModel.Open(folder.Path, ModelHead.SequenceClassification, default);
        var end = model.Config.GetInt("eos_token_id");
        var data = Dataset.From(new[] { end, 9 }.Select(last => new Example { ["input_ids"] = new[] { 7, 8, last }, ["label"] = 0 }));
        using var trainer = new Trainer(model, dataCollator: new DataCollatorWithPadding(model.Config.GetInt("pad_token_id")));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => trainer.Evaluate(data)).Message, $"Example 1 has no token {end} (eos_token_id) in 'input_ids'");
    }

    [TestMethod]
    public void A_target_without_tokens_is_refused_where_its_last_token_starts_the_decoder()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        SmallModels.Make(folder.Path, "mbart", ModelHead.Seq2SeqLM);
        using var model = GoldenModel.Open(folder.Path, ModelHead.Seq2SeqLM, default);
        using var batch = new Batch { Size = 2, ["input_ids"] = full([2, 4], 7, ScalarType.Int64).DetachFromDisposeScope(), [Batch.Labels] = tensor(new long[] { 8, 9, -100, -100 }).view(2, 2).DetachFromDisposeScope() };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => model.call(batch)).Message, "Example 1 of the batch has no tokens in 'labels'");
    }

    [TestMethod]
    public void What_a_batch_was_on_the_CPU_lives_as_long_as_it()
    {
        var live = new LiveTensors();
        using (var batch = TinyBert.Batch(4, packed: false))
        {
            Assert.AreSame(batch["input_ids"], batch.OnCpu("input_ids"));
            Assert.IsNull(batch.OnCpu("pixel_values"));
            batch.To(device("meta"));
            using var same = TinyBert.Batch(4, packed: false);
            CollectionAssert.AreEqual(same["input_ids"].data<long>().ToArray(), batch.OnCpu("input_ids")!.data<long>().ToArray());
        }
        live.AssertUnchanged();
    }

    private static Example Tokens(int count) => new() { ["input_ids"] = Enumerable.Repeat(7, count).ToArray(), ["label"] = 0 };

    // The first value of the second row.
    private static void Set(Batch batch, string name, long value)
    {
        using var row = batch[name].select(0, 1).reshape(-1).narrow(0, 0, 1);
        row.fill_(value);
    }

    private static Tensor Like(Batch batch, long value) => full_like(batch["input_ids"], value).DetachFromDisposeScope();

    private static void Replace(Batch batch, string name, Func<Tensor, Tensor> change)
    {
        using var old = batch[name];
        batch[name] = change(old).DetachFromDisposeScope();
    }
}
