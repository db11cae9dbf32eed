namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>The columns of an input, followed by added ones, which hide columns of the same name.</summary>
internal sealed class AppendedSchema
{
    public AppendedSchema(DataViewSchema input, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumns(added);
        (Input, Output, AddedCount) = (input, builder.ToSchema(), added.Count);
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public int AddedCount { get; }

    /// <summary>Returns the index of an added column among these, or -1 for a column of the input.</summary>
    public int AddedIndex(DataViewSchema.Column column) => Math.Max(column.Index - Input.Count, -1);

    /// <summary>Returns which of the added columns are among some columns of the output.</summary>
    public bool[] ActiveAdded(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[AddedCount];
        foreach (var column in columns.Where(c => c.Index >= Input.Count))
            active[column.Index - Input.Count] = true;
        return active;
    }

    /// <summary>Returns the columns of the input that are among some columns of the output.</summary>
    public IEnumerable<DataViewSchema.Column> Passed(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(c => c.Index < Input.Count).Select(c => Input[c.Index]);
}
