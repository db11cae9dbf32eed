using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators;
using Microsoft.ML.HfTrainer.Estimators.Mapping;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Native.MlNet;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>What the transformers of all tasks share: a trained model that reads token columns.</summary>
/// <remarks>
/// Any number of threads may predict on one transformer. It owns the model's memory: dispose it, or the chain it is in. A
/// <see cref="PredictionEngine{TSrc, TDst}"/> disposes its model with itself, unless its options say that it does not own it.
/// </remarks>
public abstract class HfTransformer : ITransformer, IDisposable
{
    private readonly TrainedModel _trained;
    private readonly DataCollatorWithPadding _collator;
    private readonly string _name;
    private bool _disposed;

    private protected HfTransformer(MlHost host, TrainedModel trained)
    {
        (Host, _trained) = (host, trained);
        (_collator, _name) = (new DataCollatorWithPadding(trained.Tokenizer), trained.Tokenizer.Name);
    }

    private protected MlHost Host { get; }

    /// <summary>The trained model.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public PretrainedModel Model
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _trained.Model;
        }
    }

    /// <summary>The tokenizer that the model was trained with.</summary>
    public HfTokenizer Tokenizer => _trained.Tokenizer;

    /// <summary>Updates, loss and speed of the training; null for a model that was loaded from a file.</summary>
    public TrainOutput? TrainOutput => _trained.Output;

    /// <summary>Every record that the training logged; empty for a model that was loaded from a file.</summary>
    public IReadOnlyList<LogRecord> LogHistory => _trained.LogHistory;

    /// <summary>The search that found the model; null where <see cref="HfTrainerOptions.Search"/> was not set, or the model was loaded from a file.</summary>
    public BestRun? BestRun { get; internal set; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>Writes the model as a Hugging Face folder: configuration, weights, tokenizer and the settings of its training.</summary>
    /// <param name="folder">The folder, which is made if need be.</param>
    public void SavePretrained(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _trained.SavePretrained(folder);
    }

    /// <summary>The schema of the data with the task's columns.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => ((ITransformer)this).GetRowToRowMapper(inputSchema).OutputSchema;

    /// <summary>
    /// The data with the task's columns. They are computed when they are read: rows are read ahead, run in batches of similar length, and given back in
    /// their order.
    /// </summary>
    public abstract IDataView Transform(IDataView input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var archive = Host.Write(ctx, ArchiveFormat);
        _trained.Write(archive);
        Write(archive);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose()
    {
        if (!_disposed)
            _trained.Model.Dispose();
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    private protected abstract ArchiveFormat ArchiveFormat { get; }

    private protected abstract RowMapper Mapper(DataViewSchema schema);

    /// <summary>Writes what the task adds to the model.</summary>
    private protected abstract void Write(ArchiveWriter archive);

    /// <summary>Finds the token columns and checks that they come from the tokenizer that the model was trained with.</summary>
    private protected TokenColumns BindTokens(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var tokens = TokenColumns.Bind(Host, schema);
        return tokens.Note.Identity == Tokenizer.Identity ? tokens : throw Host.SchemaError(
            $"The token columns come from the tokenizer '{tokens.Note.Name}' ({tokens.Note.Identity}); the model was trained with '{_name}' " +
            $"({Tokenizer.Identity}). Use the TokenizeHf of its own pipeline.");
    }

    /// <summary>Rows a batch: never a few only, whatever training was set to.</summary>
    private protected int BatchSize => Math.Max(_trained.EvalBatchSize, 32);

    /// <summary>Runs the model over rows as one padded batch. Nothing is kept, so that any number of threads may do so at once.</summary>
    /// <param name="tokens">The columns that the rows come from.</param>
    /// <param name="rows">The tokens of the rows.</param>
    /// <param name="numbers">The rows' numbers from 1, for messages.</param>
    /// <param name="read">Takes what is wanted from the output; its tensors are gone afterwards.</param>
    private protected T Forward<T>(TokenColumns tokens, IReadOnlyList<TokenSequence> rows, IReadOnlyList<long> numbers, Func<ModelOutput, T> read)
    {
        var model = Model;
        var fit = new ModelFit(Host, _name, model.Config, tokens.Note);
        for (var i = 0; i < rows.Count; i++)
            fit.CheckRow(rows[i], numbers[i], number => $"Row {number}");
        var withTypes = rows.Any(row => !row.TypeIds.IsEmpty);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var batch = _collator.Collate([.. rows.Select(row => row.ToExample(withTypes))]).To(ComputeDevice.Of(model));
        return read(model.call(batch));
    }
}
