namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class TrainingArgumentsEnvironmentTests
{
    [TestMethod]
    public void Mixed_precision_comes_from_the_environment_unless_the_other_one_is_set()
    {
        using var variable = new Variable("ACCELERATE_MIXED_PRECISION", "bf16");
        Assert.IsTrue(new TrainingArguments().Bf16);
        Assert.IsFalse(new TrainingArguments().Fp16);
        Assert.IsFalse(new TrainingArguments { Fp16 = true }.Bf16);
        new TrainingArguments { Fp16 = true }.Validate();
    }

    [TestMethod]
    public void Half_precision_comes_from_the_environment_unless_the_other_one_is_set()
    {
        using var variable = new Variable("ACCELERATE_MIXED_PRECISION", "fp16");
        Assert.IsTrue(new TrainingArguments().Fp16);
        Assert.IsFalse(new TrainingArguments { Bf16 = true }.Fp16);
    }

    [TestMethod]
    [DataRow("1", true)]
    [DataRow("TRUE", true)]
    [DataRow("yes", true)]
    [DataRow("false", false)]
    [DataRow("0", false)]
    public void The_cpu_is_asked_for_by_the_environment(string value, bool expected)
    {
        using var variable = new Variable("ACCELERATE_USE_CPU", value);
        Assert.AreEqual(expected, new TrainingArguments().UseCpu);
        Assert.IsTrue(new TrainingArguments { UseCpu = true }.UseCpu);
    }

    [TestMethod]
    public void The_folder_of_tensorboard_comes_from_the_environment_unless_it_is_set()
    {
        using var variable = new Variable("TENSORBOARD_LOGGING_DIR", "from-environment");
        Assert.AreEqual("from-environment", new TrainingArguments().LoggingDir);
        Assert.AreEqual("own", new TrainingArguments { LoggingDir = "own" }.LoggingDir);
    }

    [TestMethod]
    [DataRow("ACCELERATE_MIXED_PRECISION", "fp8", "no, fp16 or bf16")]
    [DataRow("ACCELERATE_USE_FSDP", "true", "whole model")]
    [DataRow("ACCELERATE_USE_DEEPSPEED", "true", "whole model")]
    public void A_variable_that_asks_for_what_is_not_there_is_a_fault(string name, string value, string expected)
    {
        using var variable = new Variable(name, value);
        var message = Assert.ThrowsExactly<ArgumentException>(new TrainingArguments().Validate).Message;
        Assert.Contains(name, message);
        Assert.Contains(expected, message);
    }

    /// <summary>An environment variable of this process, for as long as it is not disposed.</summary>
    private sealed class Variable : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        public Variable(string name, string value)
        {
            (_name, _before) = (name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
    }
}
