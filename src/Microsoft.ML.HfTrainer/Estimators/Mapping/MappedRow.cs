using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>A row with added columns.</summary>
internal sealed class MappedRow(DataViewRow input, AppendedSchema columns, Delegate?[] getters) : DataViewRow
{
    public override DataViewSchema Schema => columns.Output;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        columns.AddedIndex(column) is >= 0 and var added ? getters[added] is not null : input.IsColumnActive(columns.Input[column.Index]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        columns.AddedIndex(column) is >= 0 and var added ? Getters.As<TValue>(getters[added], column) : input.GetGetter<TValue>(columns.Input[column.Index]);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Typed access to getters.</summary>
internal static class Getters
{
    public static ValueGetter<TValue> As<TValue>(Delegate? getter, DataViewSchema.Column column) => getter switch
    {
        ValueGetter<TValue> typed => typed,
        null => throw new InvalidOperationException($"The column '{column.Name}' is not active: it was not asked for when the cursor or row was made."),
        _ => throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}; its values cannot be read as {typeof(TValue)}."),
    };
}
