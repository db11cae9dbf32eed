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

    [TestMethod]
    public void What_is_written_is_read()
    {
        var state = new TrainerState
        {
            Epoch = 1.5, GlobalStep = 7, MaxSteps = 20, LoggingSteps = 3, EvalSteps = 4, SaveSteps = 5, TrainBatchSize = 8, NumTrainEpochs = 2, NumInputTokensSeen = 1L << 40,
            TotalFlos = 1e12, BestMetric = double.NaN, BestGlobalStep = 6, BestModelCheckpoint = "out/checkpoint-6",
        };
        state.LogHistory.Add(new LogRecord { ["epoch"] = 0.5, ["grad_norm"] = double.NegativeInfinity, ["loss"] = double.NaN, ["step"] = 3 });
        var read = TrainerState.FromJson(state.ToJson());
        Assert.AreEqual(Encoding.UTF8.GetString(state.ToJson()), Encoding.UTF8.GetString(read.ToJson()));
        var other = new TrainerState();
        other.CopyFrom(read);
        Assert.AreEqual(Encoding.UTF8.GetString(state.ToJson()), Encoding.UTF8.GetString(other.ToJson()));
    }

    [TestMethod]
    public void Fields_unknown_here_are_passed_over_and_missing_ones_have_their_defaults()
    {
        var state = TrainerState.FromJson("""{"global_step": 3, "new_in_version_9": {"a": [NaN, "NaN -Infinity \" {"]}, "log_history": [{"loss": 1, "note": "text", "none": null}]}"""u8);
        Assert.AreEqual(3, state.GlobalStep);
        Assert.AreEqual(500, state.SaveSteps);
        Assert.AreEqual("loss", string.Join(',', state.LogHistory.Single().Keys));
    }

    [TestMethod]
    [DataRow("[]", "no JSON object")]
    [DataRow("{\"global_step\": 3", "no JSON object")]
    [DataRow("{\"global_step\": 3, \"global_step\": 4}", "no JSON object")]
    [DataRow("{\"global_step\": 3.5}", "'global_step' is \"3.5\"; it should be a whole number")]
    [DataRow("{\"max_steps\": 1e300}", "'max_steps' is")]
    [DataRow("{\"epoch\": \"one\"}", "'epoch' is")]
    [DataRow("{\"log_history\": [1]}", "'log_history' is")]
    public void A_damaged_state_is_refused_with_the_file_and_the_field(string json, string why)
    {
        var message = Assert.ThrowsExactly<InvalidDataException>(() => TrainerState.FromJson(Encoding.UTF8.GetBytes(json), "checkpoint-3/trainer_state.json")).Message;
        StringAssert.StartsWith(message, "checkpoint-3/trainer_state.json: ");
        StringAssert.Contains(message, why);
    }
}
