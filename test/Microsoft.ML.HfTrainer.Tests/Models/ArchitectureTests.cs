using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

[TestClass]
public class ArchitectureTests
{
    [TestMethod]
    public void One_from_outside_the_library_is_loaded_by_its_model_type()
    {
        Architecture.Register(new Architecture("constant", "body") { [ModelHead.SequenceClassification] = (config, _) => new ConstantModel(config) });
        using var model = AutoModelForSequenceClassification.FromConfig(PretrainedConfig.Parse("here", """{ "model_type": "constant" }"""u8));
        Assert.IsInstanceOfType<ConstantModel>(model);
        Assert.HasCount(1, model.named_parameters().ToList());
    }

    [TestMethod]
    [DataRow(ProblemType.SingleLabelClassification, 3)]
    [DataRow(ProblemType.Regression, 1)]
    [DataRow(ProblemType.MultiLabelClassification, 3)]
    public void The_labels_decide_the_problem_type_where_nothing_says_it(ProblemType expected, int outputs)
    {
        using var model = AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder, new() { NumLabels = outputs, IgnoreMismatchedSizes = true });
        Feature labels = expected switch
        {
            ProblemType.SingleLabelClassification => 1,
            ProblemType.Regression => 0.5f,
            _ => new[] { 1f, 0f, 1f },
        };
        using var batch = new DataCollatorWithPadding(0).Collate([new Example { ["input_ids"] = new[] { 7, 8 }, ["labels"] = labels }]);
        using var scope = NewDisposeScope();
        Assert.IsTrue(float.IsFinite(model.call(batch).Loss!.item<float>()));
        Assert.AreEqual(expected, model.Config.ProblemType);
    }

    private sealed class ConstantModel : PretrainedModel
    {
        private readonly TorchSharp.Modules.Parameter _value = new(ones(1));

        public ConstantModel(PretrainedConfig config) : base(config, Architecture.Registered["constant"]) => register_parameter("value", _value);

        public override ModelOutput forward(Batch batch) => new() { Logits = _value.expand(batch.Size, 1) };
    }
}
