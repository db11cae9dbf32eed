using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>Computes a task's columns from the tokens of rows: in batches of similar length for data, row by row for single ones.</summary>
/// <typeparam name="TPrediction">What the model gives for a row.</typeparam>
internal abstract class PredictionMapper<TPrediction>(DataViewSchema input, TokenColumns tokens, IReadOnlyList<DataViewSchema.DetachedColumn> outputs)
    : RowMapper(new AppendedSchema(input, outputs))
{
    private const int BatchesAhead = 16;

    public override IReadOnlyList<DataViewSchema.Column> Sources => tokens.All;

    // Batches are computed on all cores already, and cursors side by side would only have them wait for each other.
    public override bool GainsByCursors => false;

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

    public override RowPass Begin(int cursors) => new Pass(this, tokens);

    private sealed class Pass(PredictionMapper<TPrediction> mapper, TokenColumns tokens) : RowPass<TokenSequence, TPrediction>
    {
        public override int RowsAhead => mapper.BatchSize * BatchesAhead;

        public override Func<TokenSequence> Reader(DataViewRow row) => tokens.Reader(row);

        public override bool AreSame(TokenSequence one, TokenSequence other) => one.ContentEquals(other);

        public override long SizeOf(TokenSequence row) => row.Length;

        public override Delegate Getter(int added, Func<TPrediction> current) => mapper.Getter(added, current);

        public override void Compute(ArraySegment<TokenSequence> rows, long first, TPrediction[] results)
        {
            // Long rows first: if memory runs out, it does so at once.
            foreach (var places in Enumerable.Range(0, rows.Count).OrderByDescending(place => rows[place].Length).Chunk(mapper.BatchSize))
            {
                var predictions = mapper.Predict(Array.ConvertAll(places, place => rows[place]), Array.ConvertAll(places, place => first + place));
                for (var i = 0; i < places.Length; i++)
                    results[places[i]] = predictions[i];
            }
        }
    }
}
