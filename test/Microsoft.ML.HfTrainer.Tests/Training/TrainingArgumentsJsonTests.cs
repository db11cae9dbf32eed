using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class TrainingArgumentsJsonTests
{
    // Every field of the original's class with its default, written by the original.
    private static readonly string _defaults = Path.Combine(GoldenFolder.Repository, "test/Fixtures/arguments/defaults.json");

    public static IEnumerable<object[]> Defaults => JsonNode.Parse(File.ReadAllText(_defaults))!.AsObject().Select(entry => new object[] { entry.Key, entry.Value?.ToJsonString() ?? "null" });

    [TestMethod]
    [DynamicData(nameof(Defaults))]
    public void The_originals_default_is_ours(string name, string value)
    {
        var read = Read($$"""{ "{{name}}": {{value}} }""");
        Assert.AreEqual(Encoding.UTF8.GetString(new TrainingArguments().ToJson()), Encoding.UTF8.GetString(read.ToJson()));
        Assert.IsEmpty(read.Warnings);
    }

    [TestMethod]
    [DataRow("""{ "gradient_checkpointing": true, "activation_checkpointing": null }""", true)]
    [DataRow("""{ "gradient_checkpointing": null, "activation_checkpointing": true }""", true)]
    [DataRow("""{ "activation_checkpointing": false, "gradient_checkpointing": true }""", false)]
    public void The_newer_of_two_names_counts_where_it_is_given(string json, bool expected) => Assert.AreEqual(expected, Read(json).GradientCheckpointing);

    [TestMethod]
    public void What_is_written_is_read_again()
    {
        var arguments = new TrainingArguments("out")
        {
            LearningRate = 2e-5,
            LrSchedulerKwargs = new KeywordArguments { ["num_cycles"] = 0.5, ["names"] = new object[] { "a", 1 }, ["deep"] = new KeywordArguments { ["on"] = true } },
            EvalStrategy = IntervalStrategy.Steps,
            LoadBestModelAtEnd = true,
            LabelNames = ["a", "b"],
            IncludeNumInputTokensSeen = InputTokensSeen.NonPadding,
            TrainSamplingStrategy = TrainSamplingStrategy.GroupByLength,
            Tf32 = false,
            NeftuneNoiseAlpha = 5,
            GradientCheckpointing = true,
            ReportTo = ["tensorboard", "jsonl"],
        };
        var written = arguments.ToJson();
        Assert.AreEqual(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(TrainingArguments.FromJson(written).ToJson()));
        using var stream = new MemoryStream(written);
        Assert.AreEqual(0.5, TrainingArguments.FromJson(stream).LrSchedulerKwargs!.Number("num_cycles", 0));
    }

    [TestMethod]
    [DataRow("""{ "evaluation_strategy": "epoch" }""", "eval_strategy", "\"epoch\"")]
    [DataRow("""{ "logging_dir": "runs" }""", "logging_dir", "\"runs\"")]
    [DataRow("""{ "no_cuda": true }""", "use_cpu", "true")]
    [DataRow("""{ "warmup_ratio": 0.25 }""", "warmup_steps", "0.25")]
    [DataRow("""{ "warmup_ratio": 0.25, "warmup_steps": 0 }""", "warmup_steps", "0.25")]
    [DataRow("""{ "group_by_length": true }""", "train_sampling_strategy", "\"group_by_length\"")]
    [DataRow("""{ "per_gpu_train_batch_size": 4 }""", "per_device_train_batch_size", "4")]
    [DataRow("""{ "per_gpu_eval_batch_size": 4 }""", "per_device_eval_batch_size", "4")]
    [DataRow("""{ "adafactor": true }""", "optim", "\"adafactor\"")]
    [DataRow("""{ "include_inputs_for_metrics": true }""", "include_for_metrics", "[\"inputs\"]")]
    public void A_name_of_an_older_version_is_read_with_a_warning(string json, string name, string expected)
    {
        var arguments = Read(json);
        Assert.AreEqual(expected, JsonNode.Parse(arguments.ToJson())![name]!.ToJsonString());
        Assert.HasCount(1, arguments.Warnings);
        Assert.Contains(name, arguments.Warnings[0]);
    }

    [TestMethod]
    [DataRow("""{ "warmup_ratio": 0.1, "warmup_steps": 7 }""", "warmup_steps", "7")]
    [DataRow("""{ "evaluation_strategy": "epoch", "eval_strategy": "steps" }""", "eval_strategy", "\"steps\"")]
    public void The_newer_name_wins_and_the_older_one_is_told(string json, string name, string expected)
    {
        var arguments = Read(json);
        Assert.AreEqual(expected, JsonNode.Parse(arguments.ToJson())![name]!.ToJsonString());
        Assert.Contains("given too", arguments.Warnings.Single());
    }

    [TestMethod]
    public void A_file_of_an_older_version_with_its_defaults_says_nothing()
    {
        var arguments = Read("""
            { "evaluation_strategy": null, "warmup_ratio": 0.0, "group_by_length": false, "no_cuda": false, "per_gpu_train_batch_size": null, "adafactor": false,
              "fp16_backend": "auto", "half_precision_backend": "auto", "fp16_opt_level": "O1", "save_safetensors": true, "past_index": -1, "mp_parameters": "",
              "overwrite_output_dir": false, "ray_scope": "last", "tpu_num_cores": null, "fsdp": [], "fsdp_min_num_params": 0, "hub_token": "<HUB_TOKEN>",
              "push_to_hub_token": "<PUSH_TO_HUB_TOKEN>", "include_num_input_tokens_seen": false, "_n_gpu": 1, "debug": "", "report_to": ["none"], "lr_scheduler_kwargs": {} }
            """);
        Assert.IsEmpty(arguments.Warnings);
        arguments.Validate();
    }

    [TestMethod]
    [DataRow("""{ "fp16_backend": "apex" }""", "fp16_backend", "libtorch's")]
    [DataRow("""{ "save_safetensors": false }""", "save_safetensors", "always saved as safetensors")]
    [DataRow("""{ "use_mps_device": true }""", "use_mps_device", "Apple")]
    [DataRow("""{ "tpu_num_cores": 8 }""", "tpu_num_cores", "TPU")]
    [DataRow("""{ "push_to_hub": true }""", "push_to_hub", "uploaded")]
    [DataRow("""{ "deepspeed": { "zero_optimization": {} } }""", "deepspeed", "Python")]
    [DataRow("""{ "local_rank": 1 }""", "local_rank", "LOCAL_RANK")]
    [DataRow("""{ "sortish_sampler": true }""", "sortish_sampler", "train_sampling_strategy")]
    public void What_is_not_there_is_refused_by_name_with_the_reason(string json, string name, string reason)
    {
        var fault = Assert.ThrowsExactly<InvalidArgumentsException>(() => Read(json)).Faults.Single();
        Assert.AreEqual(ArgumentFaultKind.Refused, fault.Kind);
        Assert.AreEqual(name, fault.Name);
        Assert.Contains(reason, fault.Message);
    }

    [TestMethod]
    [DataRow("""{ "learning_rate": "2e-5" }""", "'learning_rate' is \"2e-5\"; it should be a number.")]
    [DataRow("""{ "max_steps": 1.5 }""", "'max_steps' is 1.5; it should be a whole number.")]
    [DataRow("""{ "learning_rate": null }""", "'learning_rate' is null; it should be a number.")]
    [DataRow("""{ "bf16": 1 }""", "'bf16' is 1; it should be true or false.")]
    [DataRow("""{ "eval_strategy": "EPOCH" }""", "'eval_strategy' is \"EPOCH\"; it should be one of no, steps, epoch.")]
    [DataRow("""{ "label_names": [1] }""", "'label_names' is a list; it should be a list of strings")]
    [DataRow("""{ "optim": {} }""", "'optim' is an object; it should be a string.")]
    [DataRow("""{ "warmup_ratio": 1.0 }""", "'warmup_ratio' is 1.0; it should be a number of at least 0 and below 1.")]
    [DataRow("""{ "evalstrategy": "no" }""", "'evalstrategy' is not an argument of TrainingArguments. Did you mean 'eval_strategy'?")]
    public void A_wrong_value_is_named_with_its_file_and_what_would_be_right(string json, string message)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("hftrainer-arguments-").FullName, "training_args.json");
        File.WriteAllText(file, json);
        Assert.Contains($"{file}: {message}", Assert.ThrowsExactly<InvalidArgumentsException>(() => TrainingArguments.Load(file)).Message);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [TestMethod]
    [DataRow("max_grad_norm", "0")]
    [DataRow("gradient_checkpointing", "false")]
    [DataRow("save_total_limit", "null")]
    [DataRow("report_to", "[]")]
    public void Null_stands_for_none(string name, string expected) =>
        Assert.AreEqual(expected, JsonNode.Parse(Read($$"""{ "{{name}}": null }""").ToJson())![name]?.ToJsonString() ?? "null");

    [TestMethod]
    [DataRow("[1]")]
    [DataRow("{ \"seed\": ")]
    [DataRow("")]
    public void What_is_no_object_is_refused(string json) => Assert.Contains("should be a JSON object", Assert.ThrowsExactly<InvalidDataException>(() => Read(json)).Message);

    [TestMethod]
    public void A_mark_of_byte_order_is_skipped() => Assert.AreEqual(1, TrainingArguments.FromJson([0xEF, 0xBB, 0xBF, .. "{\"seed\": 1}"u8]).Seed);

    private static TrainingArguments Read(string json) => TrainingArguments.FromJson(Encoding.UTF8.GetBytes(json));
}
