using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer;

/// <summary>The base class of the transformers of all tasks: a trained model that reads token columns.</summary>
/// <remarks>
/// Any number of threads may predict with one transformer. It owns the memory of the model: dispose it, or the chain that it is in. Disposing waits for predictions that
/// are running; later ones throw <see cref="ObjectDisposedException"/>. By default a <see cref="PredictionEngine{TSrc, TDst}"/> disposes its model with itself: if several
/// engines share a model, create them with <see cref="PredictionEngineOptions.OwnsTransformer"/> set to false.
/// </remarks>
public abstract class HfTransformer : ITransformer, IDisposable, IModelRunner
{
    private readonly TrainedModel _trained;
    private readonly HfTask _task;
    private readonly ModelRunner _runner;

    private protected HfTransformer(MlHost host, HfTask task, TrainedModel trained)
    {
        (Host, _task, _trained) = (host, task, trained);
        _runner = new ModelRunner(this, trained, task.Collator(trained.Tokenizer));
    }

    private protected MlHost Host { get; }

    /// <summary>Gets the trained model.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public PretrainedModel Model
    {
        get
        {
            _runner.Lease.ThrowIfEnded();
            return _trained.Model;
        }
    }

    /// <summary>Gets the tokenizer that the model was trained with.</summary>
    public HfTokenizer Tokenizer => _trained.Tokenizer;

    /// <summary>Gets the number of updates, the loss and the speed of training; null if the model was loaded from a file, or by a resumed search from a checkpoint.</summary>
    public TrainOutput? TrainOutput => _trained.Output;

    /// <summary>Gets every record that training logged; empty if the model was loaded from a file.</summary>
    public IReadOnlyList<LogRecord> LogHistory => _trained.LogHistory;

    /// <summary>Gets the search that found the model; null if <see cref="HfTrainerOptions.Search"/> was not set, or if the model was loaded from a file.</summary>
    public BestRun? BestRun { get; internal set; }

    bool ITransformer.IsRowToRowMapper => true;

    int IModelRunner.BatchSize => _trained.BatchSize;

    /// <summary>Writes the model as a Hugging Face folder: configuration, weights, tokenizer and training arguments.</summary>
    /// <param name="folder">The folder, which is created if it does not exist.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SavePretrained(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using var use = _runner.Lease.Begin();
        _trained.SavePretrained(folder);
    }

    /// <summary>Returns the schema of the input with the columns of the task.</summary>
    /// <param name="inputSchema">The schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A token column is missing, has the wrong type, or comes from another tokenizer than that of the model.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <summary>
    /// Adds the columns of the task to data. They are computed when they are read: rows are read ahead, run in batches of similar length
    /// (<see cref="TrainingArguments.PerDeviceEvalBatchSize"/> if it was set, else 32), and returned in their order.
    /// </summary>
    /// <param name="input">The data, with token columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A token column is missing, has the wrong type, or comes from another tokenizer than that of the model.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Mapper(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        using var use = _runner.Lease.Begin();
        var archive = Host.Write(ctx, _task.Format);
        _trained.Write(archive);
        _task.Write(archive);
    }

    TResult[] IModelRunner.Predict<TResult>(IReadOnlyList<Example> examples, Func<int, string> nameOf, Func<TrainedModel, Batch, TResult[]> run) =>
        _runner.Predict(examples, nameOf, run);

    /// <summary>Frees the model, after waiting for predictions that are running.</summary>
    public void Dispose()
    {
        _runner.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins a use of the model, which is not freed before the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    private protected IDisposable BeginUse() => _runner.Lease.Begin();

    private RowMapper Mapper(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        _runner.Lease.ThrowIfEnded();
        var columns = new TaskColumns(new RowSource(Host), schema, _task.Inputs);
        return columns.Note.Identity == Tokenizer.Identity
            ? _task.Mapper(this, columns, new ModelCheck(Host, Tokenizer.Name, _trained.Model.Config, columns.Note))
            : throw Host.SchemaError(
                $"The token columns come from the tokenizer '{columns.Note.Name}' ({columns.Note.Identity}); the model was trained with '{Tokenizer.Name}' " +
                $"({Tokenizer.Identity}). Use the TokenizeHf of its own pipeline.");
    }
}
