using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>The name of each element type in a header, and its size in bits.</summary>
internal static class SafetensorsDTypes
{
    private static readonly (string Name, int Bits)[] Table =
    [
        ("BOOL", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6), ("U8", 8), ("I8", 8), ("F8_E5M2", 8), ("F8_E4M3", 8), ("F8_E8M0", 8),
        ("F8_E4M3FNUZ", 8), ("F8_E5M2FNUZ", 8), ("I16", 16), ("U16", 16), ("F16", 16), ("BF16", 16), ("I32", 32), ("U32", 32), ("F32", 32),
        ("C64", 64), ("F64", 64), ("I64", 64), ("U64", 64),
    ];

    public static string KnownNames { get; } = string.Join(", ", Table.Select(row => row.Name));

    public static bool IsDefined(SafetensorsDType dtype) => (uint)dtype < (uint)Table.Length;

    public static string Name(this SafetensorsDType dtype) => Table[(int)dtype].Name;

    public static int Bits(this SafetensorsDType dtype) => Table[(int)dtype].Bits;

    /// <summary>Compares in place: a header of a million tensors makes no million strings.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out SafetensorsDType dtype)
    {
        for (int i = 0; i < Table.Length; i++)
        {
            if (reader.ValueTextEquals(Table[i].Name))
            {
                dtype = (SafetensorsDType)i;
                return true;
            }
        }

        dtype = default;
        return false;
    }

    /// <exception cref="OverflowException">The product leaves the range of a 64-bit integer.</exception>
    public static long BitLength(this SafetensorsDType dtype, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long dimension in shape)
        {
            count = checked(count * dimension);
        }

        return checked(count * dtype.Bits());
    }
}
