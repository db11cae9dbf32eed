using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>What short features are filled up with, and to which length.</summary>
internal sealed record Padding(int Value, int Length, Side Side);

/// <summary>Stacks the features of examples into tensors, written in place.</summary>
internal sealed class BatchBuilder(IReadOnlyList<Example> examples)
{
    /// <summary>The batch; <paramref name="paddingOf"/> says how a feature is padded, null for features that have one length.</summary>
    public Batch Build(Func<string, Padding?> paddingOf)
    {
        var first = examples[0];
        var padded = first.Keys.Any(name => paddingOf(name) is { } padding && examples.Any(e => e.TryGetValue(name, out var f) && f.Length < padding.Length));
        var hasMask = first.TryGetValue("attention_mask", out _);
        var labelName = new[] { "labels", "label", "label_ids" }.FirstOrDefault(first.ContainsKey);
        var batch = new Batch
        {
            Size = examples.Count,
            HasPadding = padded || hasMask && examples.Any(e => e["attention_mask"].Integers.Span.Contains(0)),
            OwnLabelCount = labelName is null ? 0 : examples.Sum(e => CountLabels(e[labelName])),
        };
        foreach (var name in first.Keys)
            batch[name == labelName ? Batch.Labels : name] = Stack(name, paddingOf(name));
        return batch;
    }

    private static long CountLabels(Feature labels) => labels.IsInteger ? labels.Length - labels.Integers.Span.Count(-100) : labels.Length;

    private Tensor Stack(string name, Padding? padding)
    {
        var first = examples[0][name];
        var length = padding?.Length ?? first.Length;
        long[] shape = first.IsScalar ? [examples.Count] : [examples.Count, length];
        var tensor = empty(shape, first.IsInteger ? ScalarType.Int64 : ScalarType.Float32).DetachFromDisposeScope();
        for (var row = 0; row < examples.Count; row++)
        {
            if (!examples[row].TryGetValue(name, out var feature) || feature.IsInteger != first.IsInteger || feature.Length > length || padding is null && feature.Length != length)
                throw new InvalidDataException(Mismatch(name, row, length, tensor));
            if (first.IsInteger)
                Write(feature.Integers.Span, MemoryMarshal.Cast<byte, long>(tensor.bytes).Slice(row * length, length), padding);
            else
                feature.Reals.Span.CopyTo(MemoryMarshal.Cast<byte, float>(tensor.bytes).Slice(row * length, length));
        }
        return tensor;
    }

    private static void Write(ReadOnlySpan<int> values, Span<long> row, Padding? padding)
    {
        var start = padding?.Side == Side.Left ? row.Length - values.Length : 0;
        if (padding is not null)
            row.Fill(padding.Value);
        for (var i = 0; i < values.Length; i++)
            row[start + i] = values[i];
    }

    private string Mismatch(string name, int row, int length, Tensor tensor)
    {
        tensor.Dispose();
        var found = examples[row].TryGetValue(name, out var feature) ? $"{feature.Length} {(feature.IsInteger ? "whole" : "real")} numbers" : "nothing";
        return $"Example {row} of the batch has {found} in '{name}'; the batch's first example has {length} {(examples[0][name].IsInteger ? "whole" : "real")} numbers. Features that are not padded have one length and kind throughout.";
    }
}
