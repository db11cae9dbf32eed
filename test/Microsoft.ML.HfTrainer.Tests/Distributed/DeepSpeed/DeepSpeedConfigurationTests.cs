using Microsoft.ML.HfTrainer.Distributed.DeepSpeed;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Distributed.DeepSpeed;

[TestClass]
public class DeepSpeedConfigurationTests
{
    [TestMethod]
    public void A_file_is_read_and_named_in_errors()
    {
        using var folder = new TemporaryFolder();
        var file = folder["zero.json"];
        File.WriteAllText(file, """{ "zero_optimization": { "stage": 3, "reduce_bucket_size": 5e8, "offload_param": { "device": "nvme", "nvme_path": "/fast" } } }""");
        var plan = DeepSpeedConfiguration.Read(file).Plan();
        Assert.AreEqual((3, 500_000_000L, OffloadDevice.Nvme, "/fast", OffloadDevice.None), (plan.ZeroStage, plan.ReduceBucketSize, plan.ParameterOffload, plan.ParameterOffloadFolder, plan.OptimizerOffload));
        File.WriteAllText(file, "{");
        Assert.Contains(file, Assert.ThrowsExactly<InvalidDataException>(() => DeepSpeedConfiguration.Read(file)).Message);
    }

    [TestMethod]
    [DataRow("""{ "zero_optimization": { "stage": 4 } }""", "\"stage\" is 4; it should be from 0 to 3")]
    [DataRow("""{ "zero_optimization": { "stage": "2" } }""", "\"stage\" is \"2\"; it should be a whole number")]
    [DataRow("""{ "zero_optimization": 2 }""", "\"zero_optimization\" is 2; it should be an object")]
    [DataRow("""{ "zero_optimization": { "stage": 2, "offload_optimizer": { "device": "disk" } } }""", "\"device\" is \"disk\"; it should be none, cpu, nvme")]
    [DataRow("""{ "fp16": { "enabled": 1 } }""", "\"enabled\" is 1; it should be true or false")]
    [DataRow("""{ "optimizer": { "params": {} } }""", "\"type\" is missing")]
    [DataRow("""{ "train_batch_size": 2.5 }""", "\"train_batch_size\" is 2.5; it should be a whole number")]
    public void A_wrong_value_is_named_with_its_section(string json, string message) => Assert.Contains(message, Assert.ThrowsExactly<InvalidDataException>(() => DeepSpeedConfiguration.Read(json).Plan()).Message);

    [TestMethod]
    public void What_contradicts_the_arguments_is_refused_together()
    {
        var filled = DeepSpeedConfiguration.Read("""{ "gradient_clipping": 3, "optimizer": { "type": "AdamW", "params": { "betas": [0.9, 0.9] } }, "scheduler": { "type": "WarmupDecayLR", "params": { "total_num_steps": 9 } } }""")
            .Fill(new TrainingArguments().ToDeepSpeedArguments(worldSize: 1));
        var message = Assert.ThrowsExactly<ArgumentException>(() => filled.Finish(new DeepSpeedRun(10, 0, JsonFields.Read("config.json", "{}"u8)))).Message;
        Assert.Contains("- gradient_clipping is 3, but max_grad_norm is 1", message);
        Assert.Contains("- optimizer.params.betas is [0.9,0.9], but adam_beta1+adam_beta2 is [0.9,0.999]", message);
        Assert.Contains("- scheduler.params.total_num_steps is 9, but num_training_steps (calculated) is 10", message);
    }

    [TestMethod]
    public void A_configuration_can_be_filled_again()
    {
        var read = DeepSpeedConfiguration.Read("""{ "train_batch_size": "auto" }""");
        Assert.AreEqual(8, read.Fill(new TrainingArguments().ToDeepSpeedArguments(1)).Plan().TrainBatchSize);
        Assert.AreEqual(32, read.Fill(new TrainingArguments().ToDeepSpeedArguments(4)).Plan().TrainBatchSize);
        Assert.IsNull(read.Plan().TrainBatchSize);
    }

    [TestMethod]
    public void Sections_without_effect_are_named()
    {
        var warnings = DeepSpeedConfiguration.Read("""{ "train_batch_size": 8, "flops_profiler": {}, "steps_per_print": 9, "gradient_cliping": 1 }""").Warnings().ToList();
        Assert.HasCount(2, warnings);
        Assert.Contains("flops_profiler, steps_per_print", warnings[0]);
        Assert.Contains("Did you mean \"gradient_clipping\"?", warnings[1]);
        Assert.IsEmpty(DeepSpeedConfiguration.Read("""{ "zero_optimization": { "stage": 2 }, "bf16": { "enabled": true } }""").Warnings());
    }
}
