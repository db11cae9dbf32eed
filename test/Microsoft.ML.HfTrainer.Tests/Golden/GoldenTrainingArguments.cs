using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>The arguments of a run as the original tells them, name by name: read here and written again.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenTrainingArguments
{
    public static IEnumerable<object[]> Rows => Told().Select(entry => new object[] { entry.Key, entry.Value?.ToJsonString() ?? "null" });

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trainer/checkpoint", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public void A_told_argument_is_read_and_written_again(string name, string value)
    {
        var written = JsonNode.Parse(Read().ToJson())!.AsObject();
        if (written.ContainsKey(name))
            Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(value), written[name]), $"{name}: expected {value}, written {written[name]?.ToJsonString() ?? "null"}");
        else
            Assert.IsNotEmpty(ForeignArgument.All.Single(foreign => foreign.Name == name).Reason);
    }

    [TestMethod]
    public void They_are_right_together() => Read().Validate();

    private static TrainingArguments Read() => TrainingArguments.FromJson(Encoding.UTF8.GetBytes(Told().ToJsonString()));

    private static JsonObject Told()
    {
        var file = Path.Combine(GoldenFolder.Path, "trainer", "checkpoint", "expected.json");
        return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!["training_args"]!.AsObject() : [];
    }
}
