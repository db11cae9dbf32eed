using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>A cursor that computes added columns row by row.</summary>
internal sealed class MappedCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly MappedRow _row;
    private readonly RowPass _pass;
    private readonly HashSet<int> _active;
    private bool _ended;

    /// <param name="input">The cursor of the input, in which more columns may be active than were requested.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="pass">The pass that the cursor belongs to.</param>
    /// <param name="active">The requested columns.</param>
    public MappedCursor(DataViewRowCursor input, AppendedSchema columns, RowPass pass, IEnumerable<DataViewSchema.Column> active)
    {
        (_input, _pass) = (input, pass);
        _active = [.. active.Select(column => column.Index)];
        _row = new MappedRow(input, columns, pass.Getters(input, columns.ActiveAdded(active)));
    }

    public override DataViewSchema Schema => _row.Schema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool MoveNext()
    {
        if (_input.MoveNext())
            return true;
        End();
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        IsColumnActive(column) ? _row.GetGetter<TValue>(column) : Getters.As<TValue>(null, column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End();
            _row.Dispose();
        }
        base.Dispose(disposing);
    }

    private void End()
    {
        if (!_ended)
            _pass.CursorEnded();
        _ended = true;
    }
}
