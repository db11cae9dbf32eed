using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public class ModelOutputTests
{
    [TestMethod]
    public void Disposing_an_output_frees_its_tensors()
    {
        using var model = AutoModelForQuestionAnswering.FromPretrained(Path.Combine(Golden.GoldenFolder.Repository, "test/Fixtures/golden/models/bert.question-answering"));
        using var batch = new Batch { Size = 1, ["input_ids"] = ones([1, 5], ScalarType.Int64), ["start_positions"] = ones(1, ScalarType.Int64), ["end_positions"] = ones(1, ScalarType.Int64) };
        var output = model.call(batch);
        Tensor[] tensors = [output.Loss!, output.StartLogits!, output.EndLogits!];
        output.Dispose();
        output.Dispose();
        Assert.IsTrue(tensors.All(tensor => tensor.IsInvalid));
    }
}
