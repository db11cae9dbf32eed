using System.Globalization;

namespace Microsoft.ML.HfTrainer;

/// <summary>The possible values of a hyperparameter. Samplers represent a value by a number: the value itself, or the index of a choice.</summary>
public abstract record SearchDistribution
{
    private protected SearchDistribution()
    {
    }

    /// <summary>Returns the value that a number represents.</summary>
    public abstract object? ValueOf(double number);

    /// <summary>Returns the number of a value; null if the distribution does not contain it.</summary>
    public abstract double? NumberOf(object? value);

    /// <summary>Returns the numbers of a grid.</summary>
    /// <param name="count">The number of points of a range without steps.</param>
    internal abstract IReadOnlyList<double> Grid(int count);

    // Types may differ between JSON and the values of the user: values are compared by their text.
    private protected static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
