namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The element types of safetensors. Their order is the format's own: the writer lays tensors out by descending value, which puts wide
/// elements first and so keeps every tensor aligned.
/// </summary>
public enum SafetensorsDType
{
    /// <summary>Boolean in one byte, 0 or 1 (<c>BOOL</c>).</summary>
    Bool,

    /// <summary>4-bit float, two to a byte (<c>F4</c>).</summary>
    F4,

    /// <summary>6-bit float, 2 exponent and 3 mantissa bits (<c>F6_E2M3</c>).</summary>
    F6E2M3,

    /// <summary>6-bit float, 3 exponent and 2 mantissa bits (<c>F6_E3M2</c>).</summary>
    F6E3M2,

    /// <summary>Unsigned 8-bit integer (<c>U8</c>).</summary>
    U8,

    /// <summary>Signed 8-bit integer (<c>I8</c>).</summary>
    I8,

    /// <summary>8-bit float, 5 exponent and 2 mantissa bits (<c>F8_E5M2</c>).</summary>
    F8E5M2,

    /// <summary>8-bit float, 4 exponent and 3 mantissa bits (<c>F8_E4M3</c>).</summary>
    F8E4M3,

    /// <summary>8-bit power of two, exponent bits alone (<c>F8_E8M0</c>).</summary>
    F8E8M0,

    /// <summary>As <see cref="F8E4M3"/>, with one NaN and neither infinities nor a negative zero (<c>F8_E4M3FNUZ</c>).</summary>
    F8E4M3Fnuz,

    /// <summary>As <see cref="F8E5M2"/>, with one NaN and neither infinities nor a negative zero (<c>F8_E5M2FNUZ</c>).</summary>
    F8E5M2Fnuz,

    /// <summary>Signed 16-bit integer (<c>I16</c>).</summary>
    I16,

    /// <summary>Unsigned 16-bit integer (<c>U16</c>).</summary>
    U16,

    /// <summary>IEEE half precision (<c>F16</c>).</summary>
    F16,

    /// <summary>The upper half of a 32-bit float (<c>BF16</c>).</summary>
    BF16,

    /// <summary>Signed 32-bit integer (<c>I32</c>).</summary>
    I32,

    /// <summary>Unsigned 32-bit integer (<c>U32</c>).</summary>
    U32,

    /// <summary>IEEE single precision (<c>F32</c>).</summary>
    F32,

    /// <summary>Complex number of two 32-bit floats (<c>C64</c>).</summary>
    C64,

    /// <summary>IEEE double precision (<c>F64</c>).</summary>
    F64,

    /// <summary>Signed 64-bit integer (<c>I64</c>).</summary>
    I64,

    /// <summary>Unsigned 64-bit integer (<c>U64</c>).</summary>
    U64,
}
