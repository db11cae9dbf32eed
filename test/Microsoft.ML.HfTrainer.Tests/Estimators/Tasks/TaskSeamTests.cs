using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Tests.Estimators.Tasks;

/// <summary>A task of another shape than classification, which knows nothing of cursors, batches and files.</summary>
[TestClass]
public sealed class TaskSeamTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TinyModel _model = new();

    [TestInitialize]
    public void Register() => _ml.ComponentCatalog.RegisterAssembly(typeof(AdaptedTransformer).Assembly);

    [TestCleanup]
    public void CleanUp() => _model.Dispose();

    [TestMethod]
    public void TwoTokenSetsWithoutALabel()
    {
        var data = _ml.Data.LoadFromEnumerable(Question.Some());
        var tokens = Set("Asked").Append(Set("Context"));
        var prepared = tokens.Fit(data).Transform(data);
        EstimatorContract.Check(_ml, new DomainAdaptationEstimator(_ml, new() { Arguments = Short() }), prepared, data);

        var (before, after) = (Surprise(0), Surprise(30));
        Assert.IsLessThan(before - 0.5, after, "texts of the domain surprise less");
        float Surprise(int epochs)
        {
            var options = new DomainAdaptationOptions { Arguments = Short(), ValidationSet = data };
            (options.Arguments.NumTrainEpochs, options.Arguments.LearningRate, options.Arguments.EvalStrategy) = (Math.Max(epochs, 1), epochs == 0 ? 0 : 5e-3, IntervalStrategy.Epoch);
            using var adapted = new DomainAdaptationEstimator(_ml, options).Fit(prepared);
            Assert.HasCount(Math.Max(epochs, 1), adapted.LogHistory.Where(record => record.ContainsKey("eval_loss")), "raw validation data is tokenized for both sets");
            return adapted.Transform(prepared).GetColumn<float>("Surprise").Average();
        }
    }

    private IEstimator<ITransformer> Set(string column) =>
        _ml.Transforms.Text.TokenizeHf(new() { TextColumnName = column, Model = _model.Folder, OutputColumnPrefix = column });

    private static TrainingArguments Short() => new() { NumTrainEpochs = 1, PerDeviceTrainBatchSize = 8 };
}
