using System.Collections;

namespace Microsoft.ML.HfTrainer;

/// <summary>The encodings of a batch, in the order of the input texts.</summary>
public sealed class BatchEncoding : IReadOnlyList<TokenEncoding>
{
    private readonly IReadOnlyList<TokenEncoding> _encodings;

    internal BatchEncoding(IReadOnlyList<TokenEncoding> encodings, int[]? samples = null)
    {
        _encodings = encodings;
        SampleIndices = samples ?? [.. Enumerable.Range(0, encodings.Count)];
    }

    /// <summary>
    /// Gets the number of encodings: one per text, plus one per overflowing part if <see cref="EncodeOptions.ReturnOverflowingTokens"/> is set.
    /// </summary>
    public int Count => _encodings.Count;

    /// <summary>Gets, for each encoding, the index of its text in the batch (<c>overflow_to_sample_mapping</c>).</summary>
    public IReadOnlyList<int> SampleIndices { get; }

    /// <summary>Gets the encoding at the given index.</summary>
    public TokenEncoding this[int index] => _encodings[index];

    /// <inheritdoc/>
    public IEnumerator<TokenEncoding> GetEnumerator() => _encodings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lays out each text's encoding followed by the encodings of its overflowing parts.</summary>
    internal static BatchEncoding WithOverflow(IReadOnlyList<TokenEncoding> encodings)
    {
        List<TokenEncoding> parts = [];
        List<int> samples = [];
        for (var i = 0; i < encodings.Count; i++)
        {
            parts.Add(encodings[i]);
            parts.AddRange(encodings[i].Overflowing);
            samples.AddRange(Enumerable.Repeat(i, parts.Count - samples.Count));
        }
        return new BatchEncoding(parts, [.. samples]);
    }
}
