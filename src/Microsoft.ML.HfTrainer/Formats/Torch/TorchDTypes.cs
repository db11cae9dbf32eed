namespace Microsoft.ML.HfTrainer.Formats.Torch;

/// <summary>PyTorch's names of element types: of typed storages, and of types by themselves.</summary>
internal static class TorchDTypes
{
    public static IReadOnlyDictionary<string, SafetensorsDType> OfStorages { get; } = new Dictionary<string, SafetensorsDType>(StringComparer.Ordinal)
    {
        ["FloatStorage"] = SafetensorsDType.F32,
        ["DoubleStorage"] = SafetensorsDType.F64,
        ["HalfStorage"] = SafetensorsDType.F16,
        ["BFloat16Storage"] = SafetensorsDType.BF16,
        ["LongStorage"] = SafetensorsDType.I64,
        ["IntStorage"] = SafetensorsDType.I32,
        ["ShortStorage"] = SafetensorsDType.I16,
        ["CharStorage"] = SafetensorsDType.I8,
        ["ByteStorage"] = SafetensorsDType.U8,
        ["BoolStorage"] = SafetensorsDType.Bool,
        ["ComplexFloatStorage"] = SafetensorsDType.C64,
    };

    public static IReadOnlyDictionary<string, SafetensorsDType> ByName { get; } = new Dictionary<string, SafetensorsDType>(StringComparer.Ordinal)
    {
        ["float32"] = SafetensorsDType.F32,
        ["float64"] = SafetensorsDType.F64,
        ["float16"] = SafetensorsDType.F16,
        ["bfloat16"] = SafetensorsDType.BF16,
        ["int64"] = SafetensorsDType.I64,
        ["int32"] = SafetensorsDType.I32,
        ["int16"] = SafetensorsDType.I16,
        ["int8"] = SafetensorsDType.I8,
        ["uint64"] = SafetensorsDType.U64,
        ["uint32"] = SafetensorsDType.U32,
        ["uint16"] = SafetensorsDType.U16,
        ["uint8"] = SafetensorsDType.U8,
        ["bool"] = SafetensorsDType.Bool,
        ["complex64"] = SafetensorsDType.C64,
        ["float8_e4m3fn"] = SafetensorsDType.F8E4M3,
        ["float8_e5m2"] = SafetensorsDType.F8E5M2,
        ["float8_e4m3fnuz"] = SafetensorsDType.F8E4M3Fnuz,
        ["float8_e5m2fnuz"] = SafetensorsDType.F8E5M2Fnuz,
    };
}
