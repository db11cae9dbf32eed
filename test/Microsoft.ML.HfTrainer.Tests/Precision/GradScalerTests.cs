using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Precision;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Precision;

[TestClass]
public class GradScalerTests
{
    [TestMethod]
    public void Gradients_are_divided_by_the_scale_that_the_loss_was_multiplied_by()
    {
        using var scope = NewDisposeScope();
        var scaler = new GradScaler();
        var weight = tensor([2f, -3f], requires_grad: true);
        scaler.ScaleLoss((weight * weight).sum()).backward();
        Assert.AreEqual(4 * 65536f, weight.grad![0].item<float>());
        Assert.AreEqual(0f, scaler.Unscale([weight.grad]).item<float>());
        CollectionAssert.AreEqual(new[] { 4f, -6f }, weight.grad.data<float>().ToArray());
    }

    [TestMethod]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NaN)]
    public void An_overflow_in_any_gradient_is_found_and_halves_the_scale(float value)
    {
        using var scope = NewDisposeScope();
        var scaler = new GradScaler();
        Assert.AreEqual(1f, scaler.Unscale([ones(3), tensor([1f, value]), ones(2)]).item<float>());
        scaler.Update(finite: false);
        Assert.AreEqual(32768f, scaler.Scale);
    }

    [TestMethod]
    public void Two_thousand_updates_in_a_row_without_overflow_double_the_scale()
    {
        var scaler = new GradScaler();
        for (var i = 0; i < 1999; i++)
            scaler.Update(true);
        scaler.Update(false);
        for (var i = 0; i < 1999; i++)
            scaler.Update(true);
        Assert.AreEqual(32768f, scaler.Scale);
        scaler.Update(true);
        Assert.AreEqual(65536f, scaler.Scale);
        Assert.AreEqual(0, (int)scaler.State()["_growth_tracker"]!);
    }

    [TestMethod]
    public void A_scale_that_would_not_be_finite_stays()
    {
        var scaler = new GradScaler();
        scaler.Load(new JsonObject { ["scale"] = 2e38, ["growth_factor"] = 2.0, ["backoff_factor"] = 0.5, ["growth_interval"] = 1, ["_growth_tracker"] = 0 });
        scaler.Update(true);
        Assert.AreEqual(2e38f, scaler.Scale);
    }

    [TestMethod]
    public void The_state_has_the_originals_fields_and_goes_on_where_it_was()
    {
        var (first, second) = (new GradScaler(), new GradScaler());
        first.Update(false);
        first.Update(true);
        Assert.AreEqual("""{"scale":32768,"growth_factor":2,"backoff_factor":0.5,"growth_interval":2000,"_growth_tracker":1}""", first.State().ToJsonString());
        second.Load((JsonObject)JsonNode.Parse(first.State().ToJsonString())!);
        Assert.AreEqual(first.State().ToJsonString(), second.State().ToJsonString());
        var failure = Assert.ThrowsExactly<InvalidDataException>(() => second.Load(new JsonObject { ["scale"] = "much" }));
        StringAssert.Contains(failure.Message, "\"much\" for 'scale'");
    }

    [TestMethod]
    public void Gradients_in_float16_are_refused()
    {
        using var gradient = ones(2, ScalarType.Float16);
        var failure = Assert.ThrowsExactly<InvalidOperationException>(() => new GradScaler().Unscale([gradient]));
        StringAssert.Contains(failure.Message, "float32");
    }
}
