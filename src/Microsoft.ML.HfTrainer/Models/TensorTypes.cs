using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Element types of tensors and of files.</summary>
internal static class TensorTypes
{
    private static readonly Dictionary<SafetensorsDType, ScalarType> _known = new()
    {
        [SafetensorsDType.F32] = ScalarType.Float32,
        [SafetensorsDType.F64] = ScalarType.Float64,
        [SafetensorsDType.F16] = ScalarType.Float16,
        [SafetensorsDType.BF16] = ScalarType.BFloat16,
        [SafetensorsDType.I64] = ScalarType.Int64,
        [SafetensorsDType.I32] = ScalarType.Int32,
        [SafetensorsDType.I16] = ScalarType.Int16,
        [SafetensorsDType.I8] = ScalarType.Int8,
        [SafetensorsDType.U8] = ScalarType.Byte,
        [SafetensorsDType.Bool] = ScalarType.Bool,
    };

    private static readonly Dictionary<ScalarType, SafetensorsDType> _files = _known.ToDictionary(p => p.Value, p => p.Key);

    /// <summary>Returns the type of a tensor of such elements, or null if there is none.</summary>
    public static ScalarType? Of(SafetensorsDType dtype) => _known.TryGetValue(dtype, out var type) ? type : null;

    /// <summary>Returns the type of such elements in a file.</summary>
    /// <exception cref="NotSupportedException">Files cannot hold such elements.</exception>
    public static SafetensorsDType Of(ScalarType type) =>
        _files.TryGetValue(type, out var dtype) ? dtype : throw new NotSupportedException($"A tensor of {type} cannot be saved; types that can: {string.Join(", ", _files.Keys)}.");
}
