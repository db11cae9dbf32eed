using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Command lines, against what the original's parser makes of the same words.</summary>
[TestClass]
public class TrainingArgumentsCommandLineTests
{
    [TestMethod]
    [DataRow("--learning_rate 2e-5", "learning_rate", "2E-05")]
    [DataRow("--learning-rate=2e-5", "learning_rate", "2E-05")]
    [DataRow("--max_steps 9 --max_steps -1", "max_steps", "-1")]
    [DataRow("--max_steps 1_000", "max_steps", "1000")]
    [DataRow("--logging_steps 1e1", "logging_steps", "10")]
    [DataRow("--eval_strategy epoch", "eval_strategy", "\"epoch\"")]
    [DataRow("--save-strategy best", "save_strategy", "\"best\"")]
    [DataRow("--train_sampling_strategy group_by_length", "train_sampling_strategy", "\"group_by_length\"")]
    [DataRow("--neftune_noise_alpha 5", "neftune_noise_alpha", "5")]
    [DataRow("--label_names a b", "label_names", "[\"a\",\"b\"]")]
    [DataRow("--include_for_metrics inputs loss --seed 1", "include_for_metrics", "[\"inputs\",\"loss\"]")]
    [DataRow("--report_to none", "report_to", "[]")]
    [DataRow("--report_to tensorboard", "report_to", "[\"tensorboard\"]")]
    [DataRow("--run_name -5", "run_name", "\"-5\"")]
    [DataRow("--optim_args momentum=0.9", "optim_args", "\"momentum=0.9\"")]
    [DataRow("--random_stream reference", "random_stream", "\"reference\"")]
    public void An_option_sets_its_value(string line, string name, string expected) => AssertValue(TrainingArguments.Parse(line.Split(' ')), name, expected);

    [TestMethod]
    [DataRow("--bf16", "bf16", true)]
    [DataRow("--bf16 yes", "bf16", true)]
    [DataRow("--bf16=T", "bf16", true)]
    [DataRow("--bf16 1", "bf16", true)]
    [DataRow("--bf16 --bf16 No", "bf16", false)]
    [DataRow("--bf16 0", "bf16", false)]
    [DataRow("--no_remove_unused_columns", "remove_unused_columns", false)]
    [DataRow("--no-remove-unused-columns", "remove_unused_columns", false)]
    [DataRow("--remove_unused_columns f", "remove_unused_columns", false)]
    [DataRow("--no_remove_unused_columns --remove_unused_columns", "remove_unused_columns", true)]
    [DataRow("--tf32 no", "tf32", false)]
    [DataRow("--disable_tqdm true", "disable_tqdm", true)]
    [DataRow("--gradient_checkpointing", "activation_checkpointing", true)]
    [DataRow("--activation_checkpointing", "gradient_checkpointing", true)]
    [DataRow("--gradient_checkpointing false", "activation_checkpointing", false)]
    public void A_switch_may_stand_alone_or_before_a_word(string line, string name, bool expected) =>
        AssertValue(TrainingArguments.Parse(line.Split(' ')), name, expected ? "true" : "false");

    [TestMethod]
    [DataRow("--include_num_input_tokens_seen", "include_num_input_tokens_seen", "\"all\"")]
    [DataRow("--include_num_input_tokens_seen true", "include_num_input_tokens_seen", "\"all\"")]
    [DataRow("--include_num_input_tokens_seen no", "include_num_input_tokens_seen", "\"no\"")]
    [DataRow("--include_num_input_tokens_seen non_padding", "include_num_input_tokens_seen", "\"non_padding\"")]
    [DataRow("--fsdp --learning_rate 1", "fsdp", "\"true\"")]
    public void Some_options_have_a_value_of_their_own_where_none_is_given(string line, string name, string expected) =>
        AssertValue(TrainingArguments.Parse(line.Split(' ')), name, expected);

    [TestMethod]
    [DataRow("--see 7", "seed", "7")]
    [DataRow("--optim_a x=1", "optim_args", "\"x=1\"")]
    [DataRow("--bf16_f", "bf16_full_eval", "true")]
    public void The_beginning_of_one_option_alone_stands_for_it(string line, string name, string expected) => AssertValue(TrainingArguments.Parse(line.Split(' ')), name, expected);

    [TestMethod]
    [DataRow("a b")]
    [DataRow("-a b")]
    public void A_word_with_a_space_is_a_value(string value) => Assert.AreEqual(value, TrainingArguments.Parse(["--run_name", value]).RunName);

    [TestMethod]
    public void An_object_is_json_whose_texts_that_look_like_numbers_are_numbers()
    {
        var kwargs = TrainingArguments.Parse(["--lr_scheduler_kwargs", """{"num_cycles": "3", "a": "1e-3", "b": "0.5", "c": "true", "d": [1], "e": {"f": "2"}}"""]).LrSchedulerKwargs!;
        Assert.AreEqual(3, kwargs["num_cycles"]);
        Assert.AreEqual("1e-3", kwargs["a"]);
        Assert.AreEqual(0.5, kwargs["b"]);
        Assert.AreEqual(true, kwargs["c"]);
        CollectionAssert.AreEqual(new object[] { 1 }, (object[])kwargs["d"]!);
        Assert.AreEqual(2, ((KeywordArguments)kwargs["e"]!)["f"]);
    }

    [TestMethod]
    [DataRow("--max_steps 1e3", ArgumentFaultKind.WrongValue, "--max_steps is '1e3'; it should be a whole number.")]
    [DataRow("--bf16 maybe", ArgumentFaultKind.WrongValue, "--bf16 is 'maybe'; it should be true or false.")]
    [DataRow("--eval_strategy Epoch", ArgumentFaultKind.WrongValue, "it should be one of no, steps, epoch.")]
    [DataRow("--train_sampling_strategy x", ArgumentFaultKind.WrongValue, "one of random, sequential, group_by_length, batch_rebalance.")]
    [DataRow("--no_remove_unused_columns=true", ArgumentFaultKind.WrongValue, "takes no value")]
    [DataRow("--lr_scheduler_kwargs cycles", ArgumentFaultKind.WrongValue, "a JSON object")]
    [DataRow("--lr_scheduler_kwargs {", ArgumentFaultKind.WrongValue, "a JSON object")]
    [DataRow("--tf32", ArgumentFaultKind.MissingValue, "--tf32 has no value; it should be true or false.")]
    [DataRow("--disable_tqdm", ArgumentFaultKind.MissingValue, "--disable_tqdm has no value")]
    [DataRow("--label_names", ArgumentFaultKind.MissingValue, "--label_names has no value")]
    [DataRow("--seed --bf16", ArgumentFaultKind.MissingValue, "--seed has no value; it should be a whole number.")]
    [DataRow("--run_name -x", ArgumentFaultKind.MissingValue, "--run_name has no value")]
    [DataRow("--learning_rte 1", ArgumentFaultKind.Unknown, "Did you mean 'learning_rate'?")]
    [DataRow("--no_bf16", ArgumentFaultKind.Unknown, "'--no_bf16' is not an argument")]
    [DataRow("--learn 1", ArgumentFaultKind.Unknown, "'--learn' is not an argument")]
    [DataRow("stray", ArgumentFaultKind.Unknown, "'stray' is not an argument")]
    [DataRow("--deepspeed zero.json", ArgumentFaultKind.Refused, "--deepspeed is 'zero.json', which is not supported")]
    [DataRow("--torch_compile", ArgumentFaultKind.Refused, "--torch_compile is 'true', which is not supported")]
    public void A_fault_has_its_kind_and_says_what_would_be_right(string line, ArgumentFaultKind kind, string message)
    {
        var faults = Assert.ThrowsExactly<InvalidArgumentsException>(() => TrainingArguments.Parse(line.Split(' '))).Faults;
        Assert.IsTrue(faults.Any(fault => fault.Kind == kind && fault.Message.Contains(message)), string.Join('\n', faults));
    }

    [TestMethod]
    public void All_faults_are_told_at_once()
    {
        var exception = Assert.ThrowsExactly<InvalidArgumentsException>(() => TrainingArguments.Parse(["--max_steps", "many", "--sead", "3", "--push_to_hub", "--tf32"]));
        CollectionAssert.AreEquivalent(new[] { "max_steps", "sead", "push_to_hub", "tf32" }, exception.Faults.Select(fault => fault.Name).ToArray());
        foreach (var fault in exception.Faults)
            Assert.Contains(fault.Message, exception.Message);
    }

    [TestMethod]
    public void Options_of_others_remain_in_their_order()
    {
        var arguments = TrainingArguments.Parse(["run", "--model", "bert", "-v", "--bf16", "--tags", "a", "b", "--seed", "3", "last"], out var remaining);
        Assert.AreEqual("run --model bert -v --tags a b last", string.Join(' ', remaining));
        Assert.IsTrue(arguments.Bf16);
        Assert.AreEqual(3, arguments.Seed);
    }

    [TestMethod]
    public void A_single_json_file_is_read()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("hftrainer-arguments-").FullName, "run.json");
        File.WriteAllText(file, """{ "learning_rate": 0.5 }""");
        Assert.AreEqual(0.5, TrainingArguments.Parse([file]).LearningRate);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [TestMethod]
    public void Every_argument_can_be_given_as_an_option_as_its_default_is_written()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(new TrainingArguments().ToJson())!.AsObject();
        var words = json.Where(entry => entry.Value is System.Text.Json.Nodes.JsonValue).SelectMany(entry => new[] { $"--{entry.Key}", entry.Value!.ToString() }).ToArray();
        Assert.IsGreaterThan(100, words.Length);
        Assert.AreEqual(json.ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(TrainingArguments.Parse(words).ToJson())!.ToJsonString());
    }

    private static void AssertValue(TrainingArguments arguments, string name, string expected)
    {
        using var json = System.Text.Json.JsonDocument.Parse(arguments.ToJson());
        var value = json.RootElement.GetProperty(name);
        var shown = value.ValueKind == System.Text.Json.JsonValueKind.Number ? value.GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture) : System.Text.Json.JsonSerializer.Serialize(value);
        Assert.AreEqual(expected, shown, Encoding.UTF8.GetString(arguments.ToJson()));
    }
}
