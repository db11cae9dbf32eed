using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Thousands of damaged configurations: each makes a model, or is refused with an exception that names the file, without a large allocation.</summary>
[TestClass]
public sealed class ConfigFuzzTests
{
    private const int Configs = 2_000;

    private const long MaxGrowth = 1L << 30;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(600_000, CooperativeCancellation = false)]
    public void Two_thousand_configurations()
    {
        var (random, refused, memory) = (new Random(3), 0, new PeakMemory());
        var cases = GoldenFolder.Cases("models", ModelCase.File).Select(f => new ModelCase(f)).ToList();
        cases.RemoveAll(c => !Architecture.Registered.TryGetValue(PretrainedConfig.FromPretrained(c.Folder).ModelType, out var known) || !known.Heads.Contains(GoldenModel.Head(c.HeadName)));
        Assert.IsNotEmpty(cases);
        for (var i = 0; i < Configs; i++)
        {
            var golden = cases[random.Next(cases.Count)];
            var json = Mutation.OfJson(File.ReadAllBytes(Path.Combine(golden.Folder, PretrainedConfig.FileName)), random);
            try
            {
                using var weights = WeightFiles.Open(golden.Folder);
                using var model = ModelLoading.Load(PretrainedConfig.Parse("changed.json", json), weights, new() { IgnoreMismatchedSizes = true }, GoldenModel.Head(golden.HeadName));
            }
            catch (Exception failure) when (failure is InvalidDataException or NotSupportedException)
            {
                refused++;
            }
            catch (Exception failure)
            {
                Assert.Fail($"configuration {i} of {Path.GetFileName(golden.Folder)}: {failure}\n{System.Text.Encoding.UTF8.GetString(json)}");
            }
            if (i % 100 == 0)
                Assert.IsLessThan(MaxGrowth, memory.Growth, $"bytes by which the process has grown at configuration {i}");
        }
        TestContext.WriteLine($"{refused} of {Configs} were refused; the process grew by {memory.Growth / 1e6:0} MB at the most.");
        Assert.IsGreaterThan(Configs / 10, refused);
    }

    [TestMethod]
    [DataRow("vocab_size", 2_000_000_000)]
    [DataRow("hidden_size", 2_000_000_000)]
    [DataRow("max_position_embeddings", 1_500_000_000)]
    [DataRow("intermediate_size", 2_000_000_000)]
    [DataRow("num_hidden_layers", 1_000_000_000)]
    public void A_size_that_would_take_terabytes_is_refused_by_its_name(string field, int value)
    {
        var config = PretrainedConfig.FromPretrained(TinyBert.Folder);
        config.Set(field, value);
        var memory = new PeakMemory();
        using var weights = WeightFiles.Open(TinyBert.Folder);
        foreach (var make in new Action[] { () => ModelLoading.Load(config.Clone(), weights, null, ModelHead.SequenceClassification).Dispose(), () => AutoModelForSequenceClassification.FromConfig(config).Dispose() })
        {
            var message = Assert.ThrowsExactly<InvalidDataException>(make).Message;
            Assert.Contains($"{config.Source}: the field \"{field}\" is {value}", message);
        }
        Assert.IsLessThan(MaxGrowth, memory.Growth);
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(int.MaxValue)]
    public void A_number_of_labels_is_bounded(int count)
    {
        var config = PretrainedConfig.FromPretrained(TinyBert.Folder);
        config.Remove("id2label");
        config.Set("num_labels", count);
        Assert.Contains("\"num_labels\" is", Assert.ThrowsExactly<InvalidDataException>(() => config.Labels.Count).Message);
    }

    /// <summary>The peak of the process's memory, on Linux, where it can be told to begin anew.</summary>
    private sealed class PeakMemory
    {
        private readonly long _before;

        public PeakMemory()
        {
            if (OperatingSystem.IsLinux())
                File.WriteAllText("/proc/self/clear_refs", "5");
            _before = Peak;
        }

        public long Growth => Peak - _before;

        private static long Peak => !OperatingSystem.IsLinux() ? 0
            : long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))["VmHWM:".Length..].Trim(' ', '\t', 'k', 'B')) * 1024;
    }
}
