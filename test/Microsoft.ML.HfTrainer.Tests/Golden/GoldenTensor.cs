using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>A tensor of golden data, row-major.</summary>
internal sealed record GoldenTensor(IReadOnlyList<long> Shape, float[] Values)
{
    /// <summary>The tensors of a safetensors file, by name; whole numbers as real ones.</summary>
    public static IReadOnlyDictionary<string, GoldenTensor> ReadAll(string file)
    {
        using var tensors = SafetensorsFile.Open(file);
        return tensors.Entries.Values.ToDictionary(e => e.Name, e => new GoldenTensor(e.Shape, ReadValues(e.Name, e.DType, tensors.GetBytes(e.Name))));
    }

    /// <summary>The elements of a tensor of the library.</summary>
    public static GoldenTensor Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return new GoldenTensor(tensor.shape, tensor.detach().cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray());
    }

    /// <summary>A tensor of nested lists: int64 where all numbers are whole, else float32. It belongs to no dispose scope.</summary>
    public static Tensor FromJson(JsonElement nested)
    {
        var shape = new List<long>();
        for (var level = nested; level.ValueKind == JsonValueKind.Array; level = level[0])
            shape.Add(level.GetArrayLength());
        var numbers = Leaves(nested).ToList();
        using var flat = numbers.All(n => n.GetRawText().AsSpan().IndexOfAny(".eE") < 0)
            ? tensor(numbers.ConvertAll(n => n.GetInt64()).ToArray())
            : tensor(numbers.ConvertAll(n => (float)Number(n)).ToArray());
        return flat.reshape([.. shape]).DetachFromDisposeScope();
    }

    /// <summary>A number, which may be one that JSON has not and that is written as a text.</summary>
    public static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetDouble();

    /// <summary>The same with the mean of each row taken off.</summary>
    public GoldenTensor CenterRows()
    {
        var width = (int)Shape[^1];
        return this with { Values = [.. Values.Chunk(width).SelectMany(row => row.Select(v => v - row.Average()))] };
    }

    private static float[] ReadValues(string name, SafetensorsDType type, ReadOnlySpan<byte> bytes)
    {
        if (type == SafetensorsDType.F32)
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        if (type == SafetensorsDType.I64)
            return Array.ConvertAll(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), v => (float)v);
        throw new InvalidDataException($"The golden tensor '{name}' is of type {type}.");
    }

    private static IEnumerable<JsonElement> Leaves(JsonElement nested) =>
        nested.ValueKind == JsonValueKind.Array ? nested.EnumerateArray().SelectMany(Leaves) : [nested];
}
