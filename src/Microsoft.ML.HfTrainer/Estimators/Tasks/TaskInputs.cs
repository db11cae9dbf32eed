namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>The columns that a task reads: token sets, each of one <c>TokenizeHf</c>, and columns of other values, such as labels.</summary>
/// <param name="Tokens">The token sets. All come from one tokenizer.</param>
/// <param name="Values">The other columns.</param>
internal sealed record TaskInputs(IReadOnlyList<TokenInput> Tokens, IReadOnlyList<ValueColumn> Values)
{
    /// <summary>The columns of one token set.</summary>
    public TaskInputs(TokenInput tokens) : this([tokens], [])
    {
    }

    /// <summary>These columns, followed by others.</summary>
    public TaskInputs And(IEnumerable<TokenInput> tokens, IEnumerable<ValueColumn> values) => new([.. Tokens, .. tokens], [.. Values, .. values]);
}

/// <summary>A token set: the columns that one <c>TokenizeHf</c> adds.</summary>
/// <param name="Prefix">The prefix of their names, <see cref="TokenizeHfOptions.OutputColumnPrefix"/>.</param>
internal sealed record TokenInput(string Prefix)
{
    /// <summary>The columns on request that the task needs, by the names they have without a prefix.</summary>
    public IReadOnlyList<string> Requested { get; init; } = [];

    /// <summary>What messages advise in place of <see cref="TokenizeHfOptions.ReturnOverflowingTokens"/>, for a task that needs each text in one row; null if pieces of texts are rows too.</summary>
    public string? InsteadOfPieces { get; init; }
}

/// <summary>A column of values that a task reads beside tokens.</summary>
/// <param name="name">The name of the column.</param>
/// <param name="feature">The name of the feature that its values become.</param>
internal abstract class ValueColumn(string name, string feature)
{
    public string Name { get; } = name;

    public string Feature { get; } = feature;

    /// <summary>What messages call the column, such as "label column".</summary>
    public abstract string Kind { get; }

    /// <summary>true if data may lack the column, whose rows are then read without it.</summary>
    public virtual bool IsOptional => false;

    /// <summary>Creates a reader of the column, which is given the number of the row, from 1.</summary>
    /// <exception cref="ArgumentException">The column has the wrong type.</exception>
    public abstract Func<long, Feature> Reader(RowSource source, DataViewRow row, DataViewSchema.Column column);
}
