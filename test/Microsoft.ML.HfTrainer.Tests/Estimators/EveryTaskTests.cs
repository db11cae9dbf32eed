using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

/// <summary>What ML.NET's users rely on, tried on every estimator.</summary>
[TestClass]
public sealed class EveryTaskTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static IEnumerable<object[]> Tasks => TaskCase.All.Select(task => new object[] { task.Name });

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void The_rules_of_estimators_are_kept(string name)
    {
        using var run = new Run(this, name);
        EstimatorContract.Check(_ml, run.Task.Train(_ml), run.Task.Prepare(_ml, run.Folder).Fit(run.Data).Transform(run.Data), run.Data);
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void Single_rows_give_what_batches_give_and_no_rows_give_none(string name)
    {
        using var run = new Run(this, name);
        var model = run.Fit();
        var batched = RowComparer.Read(model.Transform(run.Data));
        RowComparer.AssertSame(batched, RowByRow(model, run.Data));
        for (var i = 0; i < batched.Count; i++)
            RowComparer.AssertSame([batched[i][1..]], [RowComparer.Read(model.Transform(_ml.Data.LoadFromEnumerable(TaskCase.Row.Some()[i..(i + 1)]))).Single()[1..]]);

        var none = model.Transform(_ml.Data.LoadFromEnumerable<TaskCase.Row>([]));
        SchemaComparer.AssertSame(model.GetOutputSchema(run.Data.Schema), none.Schema);
        using var cursor = none.GetRowCursor(none.Schema);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void No_rows_to_learn_from_are_an_error(string name)
    {
        using var run = new Run(this, name);
        var prepared = run.Task.Prepare(_ml, run.Folder).Fit(run.Data).Transform(_ml.Data.LoadFromEnumerable<TaskCase.Row>([]));
        Assert.Contains("There are no rows in the training data", Assert.Throws<ArgumentException>(() => run.Task.Train(_ml).Fit(prepared)).Message);
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void Data_is_split_for_training_and_for_each_fold(string name)
    {
        using var run = new Run(this, name);
        foreach (var fold in _ml.Data.CrossValidationSplit(run.Data, numberOfFolds: 2).Append(_ml.Data.TrainTestSplit(run.Data, 0.4)))
        {
            var model = run.Task.Pipeline(_ml, run.Folder).Fit(fold.TrainSet);
            using var owned = (IDisposable)model;
            Assert.IsNotEmpty(RowComparer.Read(model.Transform(fold.TestSet)));
        }
    }

    [TestMethod]
    [TestCategory("Process")]
    [NeedsDotNet]
    [OSCondition(OperatingSystems.Linux)]
    [DynamicData(nameof(Tasks))]
    public void Another_process_without_a_network_predicts_the_same(string name)
    {
        using var run = new Run(this, name);
        using var folder = new Formats.TemporaryFolder();
        var model = run.Fit();
        _ml.Model.Save(model, run.Data.Schema, folder["model.zip"]);
        using (var file = File.Create(folder["input.idv"]))
            _ml.Data.SaveAsBinary(run.Data, file, keepHidden: true);
        Directory.Delete(run.Folder, recursive: true);

        var program = Path.Combine(Repository.Root, "test", "Microsoft.ML.HfTrainer.TrainingProcess", "bin", Repository.Configuration, "net10.0", "Microsoft.ML.HfTrainer.TrainingProcess.dll");
        Packaging.CommandLine.Run("unshare", folder.Path, new Dictionary<string, string?>(), ["--map-root-user", "--net", "dotnet", program, "transform", "model.zip", "input.idv", "output.idv"]).Succeeded();
        RowComparer.AssertSame(WithoutIds(model.Transform(run.Data)), WithoutIds(_ml.Data.LoadFromBinary(folder["output.idv"])));
        Directory.CreateDirectory(run.Folder);
    }

    private static List<object[]> RowByRow(ITransformer model, IDataView data)
    {
        var mapper = model.GetRowToRowMapper(data.Schema);
        var rows = new List<object[]>();
        using var cursor = data.GetRowCursor(data.Schema);
        var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var (readId, id, readers) = (cursor.GetIdGetter(), default(Microsoft.ML.Data.DataViewRowId), mapper.OutputSchema.Select(column => RowComparer.Reader(row, column)).ToList());
        while (cursor.MoveNext())
        {
            readId(ref id);
            rows.Add([id.ToString(), .. readers.Select(read => read())]);
        }
        return rows;
    }

    // Hidden columns are not saved, and rows get new ids.
    private List<object[]> WithoutIds(IDataView view)
    {
        var visible = view.Schema.Where(column => !column.IsHidden).Select(column => column.Name).ToArray();
        return RowComparer.Read(_ml.Transforms.SelectColumns(visible).Fit(view).Transform(view)).ConvertAll(row => row[1..]);
    }

    private sealed class Run : IDisposable
    {
        private readonly EveryTaskTests _tests;
        private readonly TaskCase.Folder _folder;
        private IDisposable? _model;

        public Run(EveryTaskTests tests, string name)
        {
            (_tests, Task) = (tests, TaskCase.All.Single(task => task.Name == name));
            _folder = Task.Model();
            Data = tests._ml.Data.LoadFromEnumerable(TaskCase.Row.Some());
        }

        public TaskCase Task { get; }

        public string Folder => _folder.Path;

        public IDataView Data { get; }

        public ITransformer Fit()
        {
            var model = Task.Pipeline(_tests._ml, Folder).Fit(Data);
            _model = (IDisposable)model;
            return model;
        }

        public void Dispose()
        {
            _model?.Dispose();
            _folder.Dispose();
        }
    }
}
