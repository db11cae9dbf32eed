using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>What a parameter of a search may be. Samplers work with numbers: the value itself, or the index of a choice.</summary>
public abstract record SearchDistribution
{
    private protected SearchDistribution()
    {
    }

    /// <summary>The value that a number stands for.</summary>
    public abstract object? ValueOf(double number);

    /// <summary>The number of a value; null where it is none of the distribution's.</summary>
    public abstract double? NumberOf(object? value);

    /// <summary>The numbers that a grid goes through.</summary>
    /// <param name="count">How many there are of a range that is not divided into steps.</param>
    internal abstract IReadOnlyList<double> Grid(int count);

    // As JSON and a user's choice of types may differ, what counts is how a value is written.
    private protected static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
