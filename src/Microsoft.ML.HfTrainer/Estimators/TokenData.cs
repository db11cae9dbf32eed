using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Storage;
using Microsoft.ML.HfTrainer.Estimators.Tokens;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Data with token columns that a model is to be trained or evaluated on.</summary>
/// <param name="Host">Throws.</param>
/// <param name="View">The data.</param>
/// <param name="Tokens">Its token columns.</param>
/// <param name="Fit">Checks every row.</param>
/// <param name="Budget">How much memory the rows may take before they go to a temporary file.</param>
/// <param name="Name">What messages call it.</param>
internal sealed record TokenData(MlHost Host, IDataView View, TokenColumns Tokens, ModelFit Fit, MemoryBudget Budget, string Name)
{
    /// <summary>A validation set, tokenised like the training data if it is not yet.</summary>
    public static TokenData ForValidation(MlHost host, IDataView view, TokenColumns training, ModelFit fit, MemoryBudget budget)
    {
        const string name = "the validation set";
        if (!TokenColumns.ArePresent(view.Schema))
            view = Tokenize(host, view, training);
        var tokens = TokenColumns.Bind(host, view.Schema);
        return tokens.Note.Identity == training.Note.Identity ? new TokenData(host, view, tokens, fit, budget, name) : throw host.Mark(new ArgumentException(
            $"The validation set was tokenised with '{tokens.Note.Name}' ({tokens.Note.Identity}), the training data with '{training.Note.Name}' " +
            $"({training.Note.Identity}); give the validation set as raw data, or transformed by the same TokenizeHf."));
    }

    /// <summary>Reads all rows.</summary>
    /// <param name="label">The column of labels.</param>
    /// <param name="reader">Makes a reader of labels, which is given the row's number from 1.</param>
    /// <param name="weights">The column of weights; null: rows have none.</param>
    public DataViewDataset Read(DataViewSchema.Column label, Func<DataViewRow, Func<long, Feature>> reader, DataViewSchema.Column? weights = null)
    {
        using var cursor = View.GetRowCursor([.. Tokens.All, label, .. weights is { } column ? [column] : Array.Empty<DataViewSchema.Column>()]);
        var readTokens = Tokens.Reader(cursor);
        var dataset = DataViewDataset.Read(cursor, TokensOf, reader(cursor), weights is { } weight ? ExampleWeight.Reader(this, cursor, weight) : null, Budget);
        return dataset.Count > 0 ? dataset : throw Host.Mark(new InvalidOperationException($"There are no rows in {Name}."));

        TokenSequence TokensOf(long row)
        {
            var tokens = readTokens();
            Fit.CheckRow(tokens, row, NameOf);
            return tokens;
        }
    }

    /// <summary>What messages call a row.</summary>
    public string NameOf(long row) => $"Row {row} of {Name}";

    private static IDataView Tokenize(MlHost host, IDataView view, TokenColumns training)
    {
        var settings = training.Note.Settings;
        if (settings.Columns.Names.FirstOrDefault(name => view.Schema.GetColumnOrNull(name) is null) is { } missing)
            throw host.Mark(new ArgumentException(
                $"The validation set has neither token columns nor the text column '{missing}' to make them from; it has " +
                $"{string.Join(", ", view.Schema.Select(c => c.Name))}. Give the pipeline's input, or data that the steps before the trainer have " +
                "transformed."));
        return new TokenizeHfTransformer(host.ForComponent(nameof(TokenizeHfTransformer)), training.LoadTokenizer(), settings).Transform(view);
    }
}
