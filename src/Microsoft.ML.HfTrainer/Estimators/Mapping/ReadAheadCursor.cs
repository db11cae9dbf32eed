using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>Reads rows ahead, computes the results of all of them at once, and returns them in their order, with the values of the other columns.</summary>
internal sealed class ReadAheadCursor<TRow, TResult> : DataViewRowCursor
{
    // Those who read only a few rows do not wait for many; those who read on get longer and longer runs.
    private const int RowsAtFirst = 32;

    // Characters or tokens.
    private const long SizeAhead = 1L << 22;

    private readonly DataViewRowCursor _input;
    private readonly AppendedSchema _columns;
    private readonly RowPass<TRow, TResult> _pass;
    private readonly Func<TRow> _read;
    private readonly ColumnBuffer?[] _passed;
    private readonly Delegate?[] _added;
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly TRow[] _rows;
    private readonly TResult[] _results;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private int _ahead, _count, _place = -1;
    private long _position = -1;
    private bool _ended, _reported;

    /// <param name="input">The cursor of the input, in which more columns may be active than were requested.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="pass">The pass that the cursor belongs to.</param>
    /// <param name="needed">The requested columns.</param>
    public ReadAheadCursor(DataViewRowCursor input, AppendedSchema columns, RowPass<TRow, TResult> pass, IReadOnlyList<DataViewSchema.Column> needed)
    {
        (_input, _columns, _pass) = (input, columns, pass);
        var capacity = pass.RowsAhead;
        _ahead = Math.Min(RowsAtFirst, capacity);
        (_rows, _results, _ids, _batches) = (new TRow[capacity], new TResult[capacity], new DataViewRowId[capacity], new long[capacity]);
        _read = pass.Reader(input);
        _readId = input.GetIdGetter();
        _passed = new ColumnBuffer?[columns.Input.Count];
        foreach (var column in columns.Passed(needed))
            _passed[column.Index] = ColumnBuffer.Of(input, column, capacity);
        _added = pass.Getters(columns.ActiveAdded(needed), () => Current);
    }

    /// <summary>The result of the current row.</summary>
    public TResult Current => _results[Place()];

    public override DataViewSchema Schema => _columns.Output;

    public override long Position => _position;

    public override long Batch => _position < 0 ? _input.Batch : _batches[_place];

    public override bool MoveNext()
    {
        if (_ended)
            return false;
        if (++_place == _count && !ReadAhead())
        {
            (_ended, _position) = (true, -1);
            ReportEnd();
            return false;
        }
        _position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        _columns.AddedIndex(column) is >= 0 and var added ? _added[added] is not null : _passed[column.Index] is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Getters.As<TValue>(_columns.AddedIndex(column) is >= 0 and var added ? _added[added] : _passed[column.Index]?.Getter(Place), column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[Place()];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ReportEnd();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }

    private bool ReadAhead()
    {
        var size = 0L;
        for (_count = 0; _count < _ahead && size < SizeAhead && _input.MoveNext(); _count++)
        {
            _rows[_count] = _read();
            size += _pass.SizeOf(_rows[_count]);
            _readId(ref _ids[_count]);
            _batches[_count] = _input.Batch;
            foreach (var column in _passed)
                column?.Keep(_count);
        }
        if (_count == 0)
            return false;
        _pass.Compute(new ArraySegment<TRow>(_rows, 0, _count), _position + 2, _results);
        _ahead = Math.Min(2 * _ahead, _rows.Length);
        _place = 0;
        return true;
    }

    private void ReportEnd()
    {
        if (!_reported)
            _pass.CursorEnded();
        _reported = true;
    }

    private int Place() => _position >= 0 ? _place : throw new InvalidOperationException(
        "The cursor is before the first row or after the last one: call MoveNext first, and stop when it returns false.");
}
