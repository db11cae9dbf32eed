using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>Computes a task's columns from the tokens of rows: a batch of rows at a time for data, row by row for single ones.</summary>
/// <typeparam name="TPrediction">What the model gives for a row.</typeparam>
internal abstract class PredictionMapper<TPrediction>(DataViewSchema input, TokenColumns tokens, IReadOnlyList<DataViewSchema.DetachedColumn> outputs)
    : RowMapper(new AppendedSchema(input, outputs))
{
    public override IReadOnlyList<DataViewSchema.Column> Sources => tokens.All;

    /// <summary>Rows a batch.</summary>
    public abstract int BatchSize { get; }

    /// <summary>What the model gives for each of some rows. Many threads may call it at once.</summary>
    /// <param name="rows">The tokens of at most <see cref="BatchSize"/> rows.</param>
    /// <param name="numbers">The rows' numbers from 1, for messages.</param>
    public abstract TPrediction[] Predict(IReadOnlyList<TokenSequence> rows, IReadOnlyList<long> numbers);

    /// <summary>A getter of an added column.</summary>
    /// <param name="added">The column's number among those added.</param>
    /// <param name="current">The prediction of the row that is asked for.</param>
    public abstract Delegate Getter(int added, Func<TPrediction> current);

    /// <summary>Reads the tokens of a row.</summary>
    public Func<TokenSequence> TokenReader(DataViewRow row) => tokens.Reader(row);

    public override RowPass Begin(int cursors) => new RowByRow(this);

    private sealed class RowByRow(PredictionMapper<TPrediction> mapper) : RowPass
    {
        public override Delegate?[] Getters(DataViewRow row, bool[] active)
        {
            if (!active.Contains(true))
                return new Delegate?[active.Length];
            var current = Predictor(row);
            return [.. active.Select((isActive, i) => isActive ? mapper.Getter(i, current) : null)];
        }

        // The columns of a row share one forward. Tokens are compared, not positions, which a row need not change with its values.
        private Func<TPrediction> Predictor(DataViewRow row)
        {
            var read = mapper.TokenReader(row);
            var (last, prediction, isKnown) = (default(TokenSequence), default(TPrediction)!, false);
            return () =>
            {
                var tokens = read();
                if (!isKnown || !tokens.ContentEquals(last))
                {
                    isKnown = false;
                    prediction = mapper.Predict([tokens], [row.Position + 1])[0];
                    (last, isKnown) = (tokens, true);
                }
                return prediction;
            };
        }
    }
}
