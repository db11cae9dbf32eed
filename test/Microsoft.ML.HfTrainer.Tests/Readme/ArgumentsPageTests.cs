using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer.Tests.Readme;

/// <summary>The page of arguments against the arguments themselves.</summary>
[TestClass]
public class ArgumentsPageTests
{
    private const string Own = " Specific to this library.";

    private static readonly Dictionary<string, string[]> _rows = File.ReadAllLines(Path.Combine(GoldenFolder.Repository, "docs/arguments.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim()).ToArray())
        .GroupBy(cells => cells[0].Trim('`')).ToDictionary(group => group.Key, group => group.First());

    // Hugging Face has them in a class derived from the one whose defaults the fixture holds.
    private static readonly string[] _ofSeq2Seq = ["predict_with_generate", "generation_max_length", "generation_num_beams", "generation_config"];

    public static IEnumerable<object[]> Fields => ArgumentField.All.Select(argument => new object[] { argument.Name });

    public static IEnumerable<object[]> Foreign => ForeignArgument.All.Select(foreign => new object[] { foreign.Name });

    public static IEnumerable<object[]> Older => OlderName.All.Where(older => older.Name != older.NewName).Select(older => new object[] { older.Name });

    [TestMethod]
    [DynamicData(nameof(Fields))]
    public void An_argument_stands_there_with_its_property_default_and_effect(string name)
    {
        var field = ArgumentField.All.Single(field => field.Name == name);
        var row = Row(name);
        Assert.AreEqual($"`{field.CSharpName}`", row[1]);
        Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(field.Show(field.Default)), JsonNode.Parse(row[2].Trim('`'))), $"the default of {name} is {field.Show(field.Default)}, not {row[2]}");
        Assert.AreEqual(Meaning(field.CSharpName) + (IsOriginal(name) ? "" : Own), row[3]);
    }

    [TestMethod]
    [DynamicData(nameof(Foreign))]
    public void An_argument_without_a_property_stands_there_with_what_is_accepted_and_why(string name)
    {
        var foreign = ForeignArgument.All.Single(foreign => foreign.Name == name);
        var row = Row(name);
        var accepted = foreign.Harmless?.Select(value => value.Length > 0 ? $"`{value}`" : "empty").Prepend("null") ?? ["any"];
        Assert.AreEqual(string.Join(", ", accepted), row[1]);
        Assert.AreEqual($"{(foreign.Harmless is null ? "No effect" : "Not supported")}: {foreign.Reason}.", row[2]);
    }

    [TestMethod]
    [DynamicData(nameof(Older))]
    public void An_older_name_stands_there_with_the_newer_one(string name) => Assert.AreEqual($"`{OlderName.All.Single(older => older.Name == name).NewName}`", Row(name)[1]);

    [TestMethod]
    public void Nothing_else_stands_there()
    {
        var known = Fields.Concat(Foreign).Concat(Older).Select(row => (string)row[0]);
        var variables = new[] { "ACCELERATE_MIXED_PRECISION", "ACCELERATE_USE_CPU", "TENSORBOARD_LOGGING_DIR", "ACCELERATE_USE_FSDP`, `ACCELERATE_USE_DEEPSPEED" };
        Assert.IsEmpty(_rows.Keys.Except(known).Except(variables));
    }

    // The XML documentation without the default, which has a column of its own.
    private static string Meaning(string property)
    {
        var summary = XmlDocumentation.SummaryOf(typeof(TrainingArguments).GetProperty(property)!, out var remarks);
        return $"{Regex.Replace(summary, @" Default: \S+\.(?= |$)", "")} {remarks}".Trim();
    }

    private static string[] Row(string name) => _rows.TryGetValue(name, out var row) ? row : throw new AssertFailedException($"docs/arguments.md has no row for '{name}'.");

    private static bool IsOriginal(string name) => _ofSeq2Seq.Contains(name) || JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Repository, "test/Fixtures/arguments/defaults.json")))!.AsObject().ContainsKey(name);
}
