using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>Adds columns to rows of one input schema, computed from other columns of the same row.</summary>
internal abstract class RowMapper(AppendedSchema columns) : IRowToRowMapper
{
    public AppendedSchema Columns { get; } = columns;

    public DataViewSchema InputSchema => Columns.Input;

    public DataViewSchema OutputSchema => Columns.Output;

    /// <summary>The columns of the input that the added ones are computed from.</summary>
    public abstract IReadOnlyList<DataViewSchema.Column> Sources { get; }

    /// <summary>true if parallel cursors pay; if false, one cursor returns all rows.</summary>
    public virtual bool AllowsParallelCursors => true;

    /// <summary>Begins a pass over data.</summary>
    /// <param name="cursors">The number of parallel cursors; 0 for single rows, whose end is not known.</param>
    public abstract RowPass Begin(int cursors);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var columns = dependingColumns.ToList();
        var sources = Columns.ActiveAdded(columns).Contains(true) ? Sources : [];
        return Columns.Passed(columns).Concat(sources).DistinctBy(c => c.Index);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != InputSchema)
            throw new ArgumentException("The row has another schema than the one that the mapper was made for.", nameof(input));
        return new MappedRow(input, Columns, Begin(0).Getters(input, Columns.ActiveAdded(activeColumns)));
    }
}
