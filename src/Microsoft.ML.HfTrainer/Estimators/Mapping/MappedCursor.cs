using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>A cursor with added columns, in step with the cursor beneath it.</summary>
internal sealed class MappedCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly MappedRow _row;
    private readonly RowPass _pass;
    private bool _ended;

    public MappedCursor(DataViewRowCursor input, AppendedSchema columns, RowPass pass, bool[] active)
    {
        (_input, _pass) = (input, pass);
        _row = new MappedRow(input, columns, pass.Getters(input, active));
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

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

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
