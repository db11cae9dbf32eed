using Microsoft.ML.Data;
using Microsoft.ML.HfTrainer.Estimators.Mapping;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Returns each row of tokens, followed by a row for each part that truncation cut off.</summary>
internal sealed class OverflowCursor : DataViewRowCursor
{
    private readonly ReadAheadCursor<RowTexts, TokenEncoding> _rows;
    private readonly AppendedSchema _columns;
    private readonly Delegate?[] _added;
    private IReadOnlyList<TokenEncoding> _rest = [];
    private int _part;
    private long _position = -1;

    /// <param name="rows">The rows, in the order of the input.</param>
    /// <param name="mapper">The mapper of the columns.</param>
    /// <param name="needed">The requested columns.</param>
    public OverflowCursor(ReadAheadCursor<RowTexts, TokenEncoding> rows, TokenizeMapper mapper, IReadOnlyList<DataViewSchema.Column> needed)
    {
        (_rows, _columns) = (rows, mapper.Columns);
        Delegate[] all = [.. mapper.TokenColumns.Select(column => column.Getter(Part)), (ValueGetter<long>)ReadSampleIndex];
        _added = [.. _columns.ActiveAdded(needed).Select((isActive, i) => isActive ? all[i] : null)];
    }

    public override DataViewSchema Schema => _columns.Output;

    public override long Position => _position;

    public override long Batch => _rows.Batch;

    public override bool MoveNext()
    {
        if (_part < _rest.Count)
        {
            _part++;
        }
        else
        {
            var isThere = _rows.MoveNext();
            (_part, _rest) = (0, isThere ? _rows.Current.Overflowing : []);
            if (!isThere)
            {
                _position = -1;
                return false;
            }
        }
        _position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        _columns.AddedIndex(column) is >= 0 and var added ? _added[added] is not null : _rows.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        _columns.AddedIndex(column) is >= 0 and var added ? Getters.As<TValue>(_added[added], column) : _rows.GetGetter<TValue>(column);

    // Each part of a row has an id of its own, the same in each pass.
    public override ValueGetter<DataViewRowId> GetIdGetter()
    {
        var read = _rows.GetIdGetter();
        return (ref DataViewRowId id) =>
        {
            read(ref id);
            id = id.Combine(new DataViewRowId((ulong)_part, 0));
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rows.Dispose();
        base.Dispose(disposing);
    }

    private TokenEncoding Part() => _part == 0 ? _rows.Current : _rest[_part - 1];

    private void ReadSampleIndex(ref long index)
    {
        _ = Part();
        index = _rows.Position;
    }
}
