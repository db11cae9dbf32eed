using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Tests.Tokenization;
using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class Seq2SeqTrainerTests
{
    private static readonly string _folder = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "models", "t5.seq2seq-lm");

    private static readonly Dataset _data = Dataset.From(new ModelCase(_folder).Examples());

    [TestMethod]
    public void Predictions_are_generated_ids_padded_to_the_models_maximum_length()
    {
        using var model = AutoModelForSeq2SeqLM.FromPretrained(_folder);
        using var trainer = new Seq2SeqTrainer(model, new() { PredictWithGenerate = true, GenerationMaxLength = 6, UseCpu = true }, dataCollator: Collator(model));
        using var predicted = trainer.Predict(_data);
        CollectionAssert.AreEqual(new long[] { 4, 20 }, predicted.Predictions.shape);
        CollectionAssert.AreEqual(new long[] { 4, 20 }, predicted.LabelIds!.shape);
        Assert.IsTrue(double.IsFinite(predicted.Metrics["test_loss"]));
        using var scope = torch.NewDisposeScope();
        Assert.AreEqual(0, predicted.Predictions.narrow(1, 6, 14).abs().sum().item<long>());
        using var longer = trainer.Predict(_data, new GenerationConfig { MaxNewTokens = 11 });
        Assert.AreNotEqual(0, longer.Predictions.narrow(1, 6, 6).abs().sum().item<long>());
    }

    [TestMethod]
    public void Settings_of_the_arguments_become_those_of_the_model()
    {
        using var model = AutoModelForSeq2SeqLM.FromPretrained(_folder);
        var config = GenerationConfig.FromPretrained(_folder);
        config.MaxLength = 9;
        using var trainer = new Seq2SeqTrainer(model, new() { PredictWithGenerate = true, GenerationConfig = config, UseCpu = true }, dataCollator: Collator(model));
        Assert.AreSame(config, model.GenerationConfig);
        using var predicted = trainer.Predict(_data);
        Assert.AreEqual(9, predicted.Predictions.shape[1]);
    }

    [TestMethod]
    public void Nothing_is_generated_where_no_metric_reads_it()
    {
        using var model = AutoModelForSeq2SeqLM.FromPretrained(_folder);
        using var plain = new Seq2SeqTrainer(model, new() { UseCpu = true }, dataCollator: Collator(model));
        var expected = plain.Evaluate(_data)["eval_loss"];
        // With these settings generation would fail.
        using var trainer = new Seq2SeqTrainer(model, new() { PredictWithGenerate = true, GenerationNumBeams = 0, UseCpu = true }, dataCollator: Collator(model));
        Assert.AreEqual(expected, trainer.Evaluate(_data)["eval_loss"]);
        Assert.Contains("NumBeams is 0", Assert.ThrowsExactly<ArgumentException>(() => trainer.Predict(_data)).Message);
    }

    [TestMethod]
    public void No_tensor_of_a_prediction_is_left()
    {
        using var model = AutoModelForSeq2SeqLM.FromPretrained(_folder);
        using var trainer = new Seq2SeqTrainer(model, new() { PredictWithGenerate = true, UseCpu = true }, dataCollator: Collator(model));
        trainer.Predict(_data).Dispose();
        var live = new LiveTensors();
        trainer.Predict(_data).Dispose();
        live.AssertUnchanged();
    }

    [TestMethod]
    public void Another_trainer_does_not_generate()
    {
        using var model = TinyBert.Model();
        Assert.Contains("create a Seq2SeqTrainer", Assert.ThrowsExactly<ArgumentException>(() => new Trainer(model, new() { PredictWithGenerate = true })).Message);
        using var trainer = new Seq2SeqTrainer(model, new() { PredictWithGenerate = true, UseCpu = true }, dataCollator: TinyBert.Collator);
        Assert.Contains("does not generate text", Assert.ThrowsExactly<NotSupportedException>(() => trainer.Predict(TinyBert.Data(2))).Message);
    }

    [TestMethod]
    public void Arguments_are_read_from_json_and_written()
    {
        var arguments = TrainingArguments.FromJson("""{ "predict_with_generate": true, "generation_max_length": 7, "generation_num_beams": 2, "generation_config": { "max_new_tokens": 3 } }"""u8);
        Assert.AreEqual((true, 7, 2, 3), (arguments.PredictWithGenerate, arguments.GenerationMaxLength, arguments.GenerationNumBeams, arguments.GenerationConfig!.MaxNewTokens));
        Assert.AreEqual(3, TrainingArguments.FromJson(arguments.ToJson()).GenerationConfig!.MaxNewTokens);
        Assert.AreEqual(1, TrainingArguments.Parse(["--generation_config", _folder]).GenerationConfig!.EosTokenIds!.Single());
        var clone = arguments.Clone();
        clone.GenerationConfig!.MaxNewTokens = 8;
        Assert.AreEqual(3, arguments.GenerationConfig.MaxNewTokens);
        Assert.Contains("generation_config", Assert.ThrowsExactly<InvalidArgumentsException>(() => TrainingArguments.Parse(["--generation_config", "/no/such/folder"])).Message);
    }

    private static DataCollatorForSeq2Seq Collator(PretrainedModel model) => new(TinyTokenizer.Load(configuration: """{ "pad_token": "[PAD]" }"""), model);
}
