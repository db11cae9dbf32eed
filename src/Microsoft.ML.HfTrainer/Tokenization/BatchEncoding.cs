using System.Collections;

namespace Microsoft.ML.HfTrainer;

/// <summary>The encodings of a batch, in the order of its texts.</summary>
public sealed class BatchEncoding : IReadOnlyList<TokenEncoding>
{
    private readonly IReadOnlyList<TokenEncoding> _encodings;

    internal BatchEncoding(IReadOnlyList<TokenEncoding> encodings, int[]? samples = null)
    {
        _encodings = encodings;
        SampleIndices = samples ?? [.. Enumerable.Range(0, encodings.Count)];
    }

    /// <summary>How many encodings there are: one a text, and with <see cref="EncodeOptions.ReturnOverflowingTokens"/> one more for each overflowing part.</summary>
    public int Count => _encodings.Count;

    /// <summary>For each encoding the index of its text in the batch (<c>overflow_to_sample_mapping</c>).</summary>
    public IReadOnlyList<int> SampleIndices { get; }

    /// <summary>The encoding at a place.</summary>
    public TokenEncoding this[int index] => _encodings[index];

    /// <inheritdoc/>
    public IEnumerator<TokenEncoding> GetEnumerator() => _encodings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Every text's encoding followed by those of its overflowing parts.</summary>
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
