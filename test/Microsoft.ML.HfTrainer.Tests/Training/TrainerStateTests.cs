using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class TrainerStateTests
{
    [TestMethod]
    public void Json_is_sorted_indented_by_two_and_ends_with_a_line_end()
    {
        var state = new TrainerState();
        state.LogHistory.Add(new LogRecord { ["loss"] = 1.5, ["epoch"] = 0.5, ["step"] = 3 });
        var text = Encoding.UTF8.GetString(state.ToJson());
        using var json = JsonDocument.Parse(text);
        var names = json.RootElement.EnumerateObject().Select(p => p.Name).ToArray();
        CollectionAssert.AreEqual(names.Order(StringComparer.Ordinal).ToArray(), names);
        CollectionAssert.AreEqual(new[] { "epoch", "loss", "step" }, json.RootElement.GetProperty("log_history")[0].EnumerateObject().Select(p => p.Name).ToArray());
        StringAssert.StartsWith(text, "{\n  \"best_global_step\": null,");
        StringAssert.EndsWith(text, "}\n");
        Assert.DoesNotContain('\r', text);
    }

    [TestMethod]
    public void Numbers_that_json_has_not_are_written_as_python_does()
    {
        var state = new TrainerState { BestMetric = double.NegativeInfinity };
        state.LogHistory.Add(new LogRecord { ["loss"] = double.NaN, ["grad_norm"] = double.PositiveInfinity });
        var text = Encoding.UTF8.GetString(state.ToJson());
        StringAssert.Contains(text, "\"best_metric\": -Infinity");
        StringAssert.Contains(text, "\"loss\": NaN");
        StringAssert.Contains(text, "\"grad_norm\": Infinity");
    }
}
