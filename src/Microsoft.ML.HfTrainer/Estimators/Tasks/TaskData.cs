using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Storage;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>Reads the data that a model is trained or evaluated on.</summary>
/// <param name="setup">The task.</param>
/// <param name="training">The columns of the training data.</param>
/// <param name="check">Refuses examples that the model cannot take.</param>
/// <param name="budget">The memory that examples may take before they go to a temporary file.</param>
/// <param name="cancellation">Ends reading.</param>
internal sealed class TaskData(TrainingSetup setup, TaskColumns training, ModelCheck check, MemoryBudget budget, CancellationToken cancellation)
{
    /// <summary>Reads the training data.</summary>
    public Dataset Read(IDataView view, RowSource source) => ReadCancelable(view, training, source, isValidation: false);

    /// <summary>Reads a validation set, tokenized like the training data if it has no token columns.</summary>
    public Dataset ReadValidation(IDataView view, RowSource source)
    {
        foreach (var settings in training.Settings.Where(settings => !TokenColumns.ArePresent(view.Schema, settings.Prefix)))
            view = Tokenize(source, view, settings);
        var columns = new TaskColumns(source, view.Schema, setup.Inputs);
        return columns.Note.Identity == training.Note.Identity ? ReadCancelable(view, columns, source, isValidation: true) : throw source.Host.Mark(new ArgumentException(
            $"{Capitalized(source)} was tokenized with '{columns.Note.Name}' ({columns.Note.Identity}), the training data with '{training.Note.Name}' " +
            $"({training.Note.Identity}); give the validation set as raw data, or transformed by the same TokenizeHf."));
    }

    // A cursor may stall, as that of a database does.
    private Dataset ReadCancelable(IDataView view, TaskColumns columns, RowSource source, bool isValidation) =>
        Abandonable.Run(() => Read(view, columns, source, isValidation), source.Host.CheckAlive, cancellation);

    private Dataset Read(IDataView view, TaskColumns columns, RowSource source, bool isValidation)
    {
        using var cursor = view.GetRowCursor(columns.All);
        var (read, current, rows) = (columns.Reader(cursor), default(TaskRow)!, 0L);
        var dataset = DataViewDataset.Read(setup.Examples(Rows(), isValidation).Select(Checked), budget);
        if (dataset.Count > 0)
            return dataset;
        dataset.Dispose();
        throw source.Host.Mark(new ArgumentException(rows == 0
            ? $"There are no rows in {source.Name}."
            : FormattableString.Invariant($"There is nothing to learn in {source.Name}: it has {rows:N0} {(rows == 1 ? "row" : "rows")}, and no text of two tokens or more.")));

        IEnumerable<TaskRow> Rows()
        {
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
                rows++;
                yield return current = read();
            }
        }

        Example Checked(Example example)
        {
            check.CheckExample(example, current);
            return example;
        }
    }

    private IDataView Tokenize(RowSource source, IDataView view, TokenizeSettings settings)
    {
        if (settings.Columns.Names.FirstOrDefault(name => view.Schema.GetColumnOrNull(name) is null) is { } missing)
            throw source.Host.Mark(new ArgumentException(
                $"{Capitalized(source)} has neither token columns nor the text column '{missing}' to make them from. " +
                $"{ColumnNames.Found(missing, view.Schema.Select(c => c.Name))} Give the pipeline's input, or data that the steps before the trainer have transformed."));
        return new TokenizeHfTransformer(source.Host.ForComponent(nameof(TokenizeHfTransformer)), training.Tokenizer, settings).Transform(view);
    }

    private static string Capitalized(RowSource source) => char.ToUpperInvariant(source.Name![0]) + source.Name[1..];
}
