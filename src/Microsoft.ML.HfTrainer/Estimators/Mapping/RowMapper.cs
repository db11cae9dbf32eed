using Microsoft.ML.Data;

namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>Computes columns of a row from others of the same row, bound to one input schema.</summary>
internal abstract class RowMapper(AppendedSchema columns) : IRowToRowMapper
{
    public AppendedSchema Columns { get; } = columns;

    public DataViewSchema InputSchema => Columns.Input;

    public DataViewSchema OutputSchema => Columns.Output;

    /// <summary>The columns of the input that the added ones are computed from.</summary>
    public abstract IReadOnlyList<DataViewSchema.Column> Sources { get; }

    /// <summary>Whether cursors side by side are of use where the input has them; else one cursor gives all rows.</summary>
    public virtual bool GainsByCursors => true;

    /// <summary>Begins a pass over data by so many cursors at a time; 0: single rows, whose end is not known.</summary>
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
