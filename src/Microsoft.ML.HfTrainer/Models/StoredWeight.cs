using Microsoft.ML.HfTrainer.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>A weight in a file, to be copied into a tensor of a model.</summary>
/// <param name="files">The files.</param>
/// <param name="entry">The weight's entry.</param>
/// <param name="name">The name of the weight in the model, for messages.</param>
internal sealed class StoredWeight(WeightFiles files, SafetensorsEntry entry, string name)
{
    private static readonly SafetensorsDType[] _floats = [SafetensorsDType.F32, SafetensorsDType.F16, SafetensorsDType.BF16, SafetensorsDType.F64];

    // Weights are converted so many elements at a time: neither they nor the file is ever in memory a second time.
    private const long Slice = 1 << 22;

    /// <summary>The shape in the file.</summary>
    public IReadOnlyList<long> Shape => entry.Shape;

    /// <summary>Copies the values into a tensor, converted to its type.</summary>
    /// <exception cref="InvalidDataException">The shapes differ, or the file's type cannot be converted.</exception>
    public void CopyTo(Tensor target)
    {
        if (!entry.Shape.SequenceEqual(target.shape))
            throw new InvalidDataException($"{files.FileOf(entry.Name).Path}: the weight '{entry.Name}' has the shape [{string.Join(", ", entry.Shape)}]; the model's '{name}' should be [{string.Join(", ", target.shape)}] by its config.json.");
        if (TensorTypes.Of(entry.DType) is not { } type || (target.is_floating_point() ? !_floats.Contains(entry.DType) : type != target.dtype))
            throw new InvalidDataException($"{files.FileOf(entry.Name).Path}: the weight '{entry.Name}' has the type {entry.DType}; the model's '{name}' takes {Accepted(target)}.");
        using var noGrad = no_grad();
        using var flat = target.view(-1);
        for (var start = 0L; start < flat.shape[0]; start += Slice)
        {
            using var scope = NewDisposeScope();
            var part = flat.narrow(0, start, Math.Min(Slice, flat.shape[0] - start));
            var read = type == part.dtype && part.device_type == DeviceType.CPU ? part : empty(part.shape, type);
            var bytes = read.bytes;
            files.GetBytes(entry.Name, start * read.ElementSize, bytes.Length).CopyTo(bytes);
            if (!ReferenceEquals(read, part))
                part.copy_(read);
        }
    }

    private static string Accepted(Tensor target) => target.is_floating_point() ? $"one of {string.Join(", ", _floats)}" : TensorTypes.Of(target.dtype).ToString();
}
