namespace Microsoft.ML.HfTrainer;

/// <summary>One value of an example: a number or a list of numbers, whole or real.</summary>
public readonly struct Feature
{
    private Feature(ReadOnlyMemory<int> integers, ReadOnlyMemory<float> reals, bool isInteger, bool isScalar)
    {
        (Integers, Reals, IsInteger, IsScalar) = (integers, reals, isInteger, isScalar);
    }

    /// <summary>The whole numbers; empty if it holds real ones.</summary>
    public ReadOnlyMemory<int> Integers { get; }

    /// <summary>The real numbers; empty if it holds whole ones.</summary>
    public ReadOnlyMemory<float> Reals { get; }

    /// <summary>Whether its numbers are whole: tensors of int64, else of float32.</summary>
    public bool IsInteger { get; }

    /// <summary>Whether it is a single number, which adds no axis to a batch.</summary>
    public bool IsScalar { get; }

    /// <summary>How many numbers it holds.</summary>
    public int Length => IsInteger ? Integers.Length : Reals.Length;

    /// <summary>A list of whole numbers.</summary>
    public static implicit operator Feature(ReadOnlyMemory<int> values) => new(values, default, true, false);

    /// <summary>A list of whole numbers.</summary>
    public static implicit operator Feature(int[] values) => new(values, default, true, false);

    /// <summary>A list of real numbers.</summary>
    public static implicit operator Feature(ReadOnlyMemory<float> values) => new(default, values, false, false);

    /// <summary>A list of real numbers.</summary>
    public static implicit operator Feature(float[] values) => new(default, values, false, false);

    /// <summary>A whole number.</summary>
    public static implicit operator Feature(int value) => new(new[] { value }, default, true, true);

    /// <summary>A real number.</summary>
    public static implicit operator Feature(float value) => new(default, new[] { value }, false, true);
}
