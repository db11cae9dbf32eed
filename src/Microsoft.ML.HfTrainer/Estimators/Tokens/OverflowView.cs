namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>Data with token columns in which a text that is too long takes as many rows as it needs.</summary>
/// <remarks>
/// <see cref="TokenColumn.SampleIndex"/> counts the rows of the input in their order, so that they have to be read in that order: there is no shuffling, and only one
/// cursor.
/// </remarks>
internal sealed class OverflowView(IDataView source, TokenizeMapper mapper) : IDataView
{
    public DataViewSchema Schema => mapper.OutputSchema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        // The number of rows depends on the texts, whichever columns are requested.
        var needed = columnsNeeded.ToList();
        var passed = needed.Where(column => mapper.Columns.AddedIndex(column) < 0).ToList();
        var cursor = source.GetRowCursor(mapper.Columns.Passed(needed).Concat(mapper.Sources).DistinctBy(column => column.Index));
        return new OverflowCursor(mapper.Begin(1).ReadAhead(cursor, mapper.Columns, passed), mapper, needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];
}
