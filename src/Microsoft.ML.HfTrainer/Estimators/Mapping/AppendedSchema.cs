namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>The columns of an input with others after them; those of a name that is there already hide it.</summary>
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

    /// <summary>The number of an added column, or -1 for one of the input.</summary>
    public int AddedIndex(DataViewSchema.Column column) => Math.Max(column.Index - Input.Count, -1);

    /// <summary>Which of the added columns are among some of the output.</summary>
    public bool[] ActiveAdded(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[AddedCount];
        foreach (var column in columns.Where(c => c.Index >= Input.Count))
            active[column.Index - Input.Count] = true;
        return active;
    }

    /// <summary>The columns of the input that are among some of the output.</summary>
    public IEnumerable<DataViewSchema.Column> Passed(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(c => c.Index < Input.Count).Select(c => Input[c.Index]);
}
