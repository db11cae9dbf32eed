using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>The value, length and side to which a feature is padded.</summary>
internal sealed record Padding(int Value, int Length, Side Side);

/// <summary>Stacks the features of examples into the tensors of a batch.</summary>
internal sealed class BatchBuilder
{
    private readonly IReadOnlyList<Example> _examples;

    /// <exception cref="ArgumentException">The list of examples is empty.</exception>
    public BatchBuilder(IReadOnlyList<Example> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.Count == 0)
            throw new ArgumentException("A batch needs at least one example; there are none.", nameof(examples));
        _examples = examples;
    }

    /// <summary>Returns the first of the names that the first example has, or null if it has none of them.</summary>
    public string? FindLabels(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (_examples[0].TryGetValue(name, out var feature) && !feature.IsDefault)
                return name;
        return null;
    }

    /// <summary>Returns the batch.</summary>
    /// <param name="names">The names of the features to include. If null, all features of the first example.</param>
    /// <param name="paddingOf">Returns the padding of a feature, or null for a feature that is not padded.</param>
    /// <param name="labels">The name of the feature that holds the labels, or null if there is none.</param>
    /// <param name="labelsAs">The name of the labels in the batch.</param>
    public Batch Build(IEnumerable<string>? names, Func<string, Padding?> paddingOf, string? labels, string labelsAs = Batch.Labels)
    {
        var lengths = TokenCounts(paddingOf("input_ids") is { } padding ? padding.Side : Side.Right);
        var batch = new Batch
        {
            Size = _examples.Count,
            Lengths = lengths,
            HasPadding = lengths is null || lengths.Any(l => l < (paddingOf("input_ids")?.Length ?? lengths[0])),
        };
        try
        {
            foreach (var name in names ?? _examples[0].Keys)
                batch[name == labels ? labelsAs : name] = Stack(name, paddingOf(name));
            batch.OwnLabelCount = labels is null ? 0 : _examples.Sum(e => CountLabels(e[labels]));
            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    /// <summary>Returns the number of labels other than -100, which the loss ignores.</summary>
    public static long CountLabels(in Feature labels) => labels.IsInteger ? labels.Length - labels.Integers.Span.Count(Batch.IgnoredLabel) : labels.Length;

    // Null if the tokens of a row are not contiguous from its start: with left padding, or with zeros in an attention mask.
    private int[]? TokenCounts(Side side)
    {
        var counts = new int[_examples.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            if (side == Side.Left || !_examples[i].TryGetValue("input_ids", out var ids) || ids.Shape.Count != 1 || ids.Length == 0
                || _examples[i].TryGetValue("attention_mask", out var mask) && (mask.IsInteger ? mask.Integers.Span.Contains(0) : mask.Reals.Span.Contains(0)))
                return null;
            counts[i] = ids.Length;
        }
        return counts;
    }

    private Tensor Stack(string name, Padding? padding)
    {
        var first = _examples[0][name];
        for (var row = 0; row < _examples.Count; row++)
            if (!_examples[row].TryGetValue(name, out var feature) || feature.IsDefault || feature.IsText || feature.IsRagged || feature.IsInteger != first.IsInteger
                || !(padding is null ? feature.HasShapeOf(first) : feature.HasRowsOf(first) && feature.Count <= padding.Length))
                throw new InvalidDataException(Mismatch(name, row, padding));
        long[] shape = [_examples.Count, .. first.Shape.Select((size, axis) => (long)(axis == 0 && padding is not null ? padding.Length : size))];
        var tensor = empty(shape, first.IsInteger ? ScalarType.Int64 : ScalarType.Float32).DetachFromDisposeScope();
        if (first.IsInteger)
            Fill(MemoryMarshal.Cast<byte, long>(tensor.bytes), padding, name, (feature, row) => Widen(feature.Integers.Span, row));
        else
            Fill(MemoryMarshal.Cast<byte, float>(tensor.bytes), padding, name, (feature, row) => feature.Reals.Span.CopyTo(row));
        return tensor;
    }

    private delegate void Write<T>(Feature feature, Span<T> row);

    private void Fill<T>(Span<T> values, Padding? padding, string name, Write<T> write) where T : System.Numerics.INumber<T>
    {
        var size = values.Length / _examples.Count;
        if (padding is not null)
            values.Fill(T.CreateChecked(padding.Value));
        for (var row = 0; row < _examples.Count; row++)
        {
            var feature = _examples[row][name];
            var start = padding?.Side == Side.Left ? size - feature.Length : 0;
            write(feature, values.Slice(row * size + start, feature.Length));
        }
    }

    private static void Widen(ReadOnlySpan<int> values, Span<long> row)
    {
        for (var i = 0; i < values.Length; i++)
            row[i] = values[i];
    }

    private string Mismatch(string name, int row, Padding? padding)
    {
        var first = _examples[0][name];
        var found = _examples[row].TryGetValue(name, out var feature) ? feature.Describe() : "nothing";
        var right = feature.IsText ? "a tensor holds numbers. Convert it to numbers (Dataset.Map with a tokenizer), or remove it from the examples."
            : padding is null
            ? $"the batch's first example has {first.Describe()}. Features that are not padded should have the same shape and type in all examples."
            : $"it should have at most {padding.Length} {(first.IsInteger ? "whole" : "real")} numbers, like the batch's first example.";
        return $"Example {row} of the batch has {found} in '{name}'; {right}";
    }
}
