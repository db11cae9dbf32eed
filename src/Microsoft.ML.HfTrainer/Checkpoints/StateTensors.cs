using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Tensors by name that are disposed with this object and not with a dispose scope.</summary>
internal sealed class StateTensors : Dictionary<string, Tensor>, IDisposable
{
    /// <summary>Returns bytes of a tensor.</summary>
    public delegate ReadOnlySpan<byte> Source(long start, int length);

    /// <summary>Writes tensors without changing their types.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        SafetensorsWriter.Write(path, tensors.Select(t => WeightWriting.Describe(t.Name, t.Tensor)), WeightWriting.Metadata);

    /// <summary>Reads a file that <see cref="Write"/> wrote into tensors on the CPU.</summary>
    /// <exception cref="InvalidDataException">The file is malformed, or has a type that tensors cannot have.</exception>
    public static StateTensors Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var tensors = new StateTensors();
        try
        {
            foreach (var entry in file.Entries.Values)
                tensors.Add(path, entry.Name, entry.DType, entry.Shape, (start, length) => file.GetBytes(entry.Name, start, length));
            return tensors;
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    /// <summary>Adds a tensor that is created from bytes.</summary>
    /// <exception cref="InvalidDataException">Tensors cannot have its type.</exception>
    public void Add(string path, string name, SafetensorsDType dtype, IReadOnlyList<long> shape, Source bytes)
    {
        const long Slice = 1 << 24;
        var type = TensorTypes.Of(dtype) ?? throw new InvalidDataException($"{path}: '{name}' is of the type {dtype}, which no state has.");
        var tensor = empty([.. shape], type).DetachFromDisposeScope();
        Add(name, tensor);
        using var flat = tensor.view(-1);
        for (var start = 0L; start < flat.shape[0]; start += Slice)
        {
            using var part = flat.narrow(0, start, Math.Min(Slice, flat.shape[0] - start));
            var target = part.bytes;
            bytes(start * tensor.ElementSize, target.Length).CopyTo(target);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in Values)
            tensor.Dispose();
        Clear();
    }
}
