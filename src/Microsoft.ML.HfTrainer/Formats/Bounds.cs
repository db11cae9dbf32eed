using System.Runtime.CompilerServices;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>The bounds of options, checked where they are set.</summary>
internal static class Bounds
{
    /// <summary>Returns the value of an option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is too small.</exception>
    public static int AtLeast(int minimum, int value, [CallerMemberName] string option = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, minimum, option);
        return value;
    }

    /// <inheritdoc cref="AtLeast(int, int, string)"/>
    public static int? AtLeast(int minimum, int? value, [CallerMemberName] string option = "") => value is { } number ? AtLeast(minimum, number, option) : null;
}
