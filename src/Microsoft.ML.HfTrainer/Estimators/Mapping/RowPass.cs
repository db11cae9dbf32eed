namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>One pass over data.</summary>
internal abstract class RowPass
{
    /// <summary>Getters of the added columns for a row, null for those that are not active; they are computed row by row.</summary>
    public abstract Delegate?[] Getters(DataViewRow row, bool[] active);

    /// <summary>A cursor that computes the added columns of many rows at a time, for those that it has read ahead.</summary>
    /// <param name="input">The cursor beneath.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="needed">The columns asked for.</param>
    public abstract DataViewRowCursor ReadAhead(DataViewRowCursor input, AppendedSchema columns, IReadOnlyList<DataViewSchema.Column> needed);

    /// <summary>One cursor of the pass came to its end or was disposed.</summary>
    public virtual void CursorEnded()
    {
    }
}

/// <summary>A pass whose added columns all come from one result a row.</summary>
/// <typeparam name="TRow">What is read of a row.</typeparam>
/// <typeparam name="TResult">What is computed from it.</typeparam>
internal abstract class RowPass<TRow, TResult> : RowPass
{
    /// <summary>The most rows that are read ahead.</summary>
    public abstract int RowsAhead { get; }

    /// <summary>Reads what is needed of the row that <paramref name="row"/> is at. What it gave stays as it is when the row goes on.</summary>
    public abstract Func<TRow> Reader(DataViewRow row);

    /// <summary>Whether what was read twice gives one result.</summary>
    public abstract bool AreSame(TRow one, TRow other);

    /// <summary>How large a row is, in characters or tokens: few large rows are read ahead.</summary>
    public abstract long SizeOf(TRow row);

    /// <summary>Computes the results of rows into the places that they have.</summary>
    /// <param name="rows">What was read of them.</param>
    /// <param name="first">The number of the first, from 1, for messages.</param>
    /// <param name="results">Where the results go.</param>
    public abstract void Compute(ArraySegment<TRow> rows, long first, TResult[] results);

    /// <summary>A getter of an added column.</summary>
    /// <param name="added">The column's number among those added.</param>
    /// <param name="current">The result of the row that is asked for.</param>
    public abstract Delegate Getter(int added, Func<TResult> current);

    public sealed override Delegate?[] Getters(DataViewRow row, bool[] active) =>
        active.Contains(true) ? Getters(active, RowByRow(row)) : new Delegate?[active.Length];

    public sealed override ReadAheadCursor<TRow, TResult> ReadAhead(
        DataViewRowCursor input, AppendedSchema columns, IReadOnlyList<DataViewSchema.Column> needed) => new(input, columns, this, needed);

    /// <summary>Getters of the added columns, null for those that are not active.</summary>
    public Delegate?[] Getters(bool[] active, Func<TResult> current) => [.. active.Select((isActive, i) => isActive ? Getter(i, current) : null)];

    // The columns of a row are asked for one after the other, and share one result. A row need not move to change: what it holds is compared as well.
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
