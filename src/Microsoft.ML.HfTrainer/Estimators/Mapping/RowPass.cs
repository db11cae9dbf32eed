namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>One pass over data.</summary>
internal abstract class RowPass
{
    /// <summary>Creates getters of the added columns that compute row by row; null for columns that are not active.</summary>
    public abstract Delegate?[] Getters(DataViewRow row, bool[] active);

    /// <summary>Creates a cursor that reads rows ahead and computes their added columns together.</summary>
    /// <param name="input">The cursor of the input.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="needed">The requested columns.</param>
    public abstract DataViewRowCursor ReadAhead(DataViewRowCursor input, AppendedSchema columns, IReadOnlyList<DataViewSchema.Column> needed);

    /// <summary>Called when a cursor of the pass ends or is disposed.</summary>
    public virtual void CursorEnded()
    {
    }
}

/// <summary>A pass whose added columns all come from one result per row.</summary>
/// <typeparam name="TRow">The inputs that are read from a row.</typeparam>
/// <typeparam name="TResult">The result that is computed from them.</typeparam>
internal abstract class RowPass<TRow, TResult> : RowPass
{
    /// <summary>The maximum number of rows that are read ahead.</summary>
    public abstract int RowsAhead { get; }

    /// <summary>Creates a reader of the inputs of the row that <paramref name="row"/> is at. They do not change when the row moves on.</summary>
    public abstract Func<TRow> Reader(DataViewRow row);

    /// <summary>Returns true if two inputs have the same result.</summary>
    public abstract bool AreSame(TRow one, TRow other);

    /// <summary>Returns the size of a row in characters or tokens; fewer large rows are read ahead than small ones.</summary>
    public abstract long SizeOf(TRow row);

    /// <summary>Computes the results of rows.</summary>
    /// <param name="rows">The inputs of the rows.</param>
    /// <param name="first">The number of the first row, from 1, for messages.</param>
    /// <param name="results">Receives the results, in the order of the rows.</param>
    public abstract void Compute(ArraySegment<TRow> rows, long first, TResult[] results);

    /// <summary>Creates a getter of an added column.</summary>
    /// <param name="added">The index of the column among the added ones.</param>
    /// <param name="current">Returns the result of the current row.</param>
    public abstract Delegate Getter(int added, Func<TResult> current);

    public sealed override Delegate?[] Getters(DataViewRow row, bool[] active) =>
        active.Contains(true) ? Getters(active, RowByRow(row)) : new Delegate?[active.Length];

    public sealed override ReadAheadCursor<TRow, TResult> ReadAhead(
        DataViewRowCursor input, AppendedSchema columns, IReadOnlyList<DataViewSchema.Column> needed) => new(input, columns, this, needed);

    /// <summary>Creates getters of the added columns; null for columns that are not active.</summary>
    public Delegate?[] Getters(bool[] active, Func<TResult> current) => [.. active.Select((isActive, i) => isActive ? Getter(i, current) : null)];

    // The columns of a row are read one after the other and share one result. A row may change without moving, so its content is compared as well.
    private Func<TResult> RowByRow(DataViewRow row)
    {
        var read = Reader(row);
        var (rows, results) = (new TRow[1], new TResult[1]);
        var (position, isKnown) = (-1L, false);
        return () =>
        {
            var current = read();
            if (!isKnown || position != row.Position || !AreSame(rows[0], current))
            {
                (isKnown, rows[0]) = (false, current);
                Compute(rows, row.Position + 1, results);
                (isKnown, position) = (true, row.Position);
            }
            return results[0];
        };
    }
}
