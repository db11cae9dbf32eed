namespace Microsoft.ML.HfTrainer;

/// <summary>A set of values without order.</summary>
public sealed record SearchChoices : SearchDistribution
{
    /// <summary>Creates a set of at least one value.</summary>
    /// <exception cref="ArgumentException">There are no values, or two of them have the same text.</exception>
    public SearchChoices(IReadOnlyList<object?> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("There is nothing to choose from; give at least one value.", nameof(values));
        if (values.GroupBy(Text).FirstOrDefault(alike => alike.Count() > 1) is { } twice)
            throw new ArgumentException($"The value '{twice.Key}' occurs twice among the choices; give each once.", nameof(values));
        Values = values;
    }

    /// <summary>Gets the values.</summary>
    public IReadOnlyList<object?> Values { get; }

    /// <inheritdoc/>
    public override object? ValueOf(double number) => Values[(int)Math.Round(number)];

    /// <inheritdoc/>
    public override double? NumberOf(object? value)
    {
        for (var i = 0; i < Values.Count; i++)
            if (Text(Values[i]) == Text(value))
                return i;
        return null;
    }

    internal override IReadOnlyList<double> Grid(int count) => [.. Enumerable.Range(0, Values.Count).Select(i => (double)i)];
}
