using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer;

/// <summary>Searches embeddings for those that are most similar to a query, by comparing the query with each of them.</summary>
public static class SemanticSearch
{
    private const float LeastExact = 1e-30f, MostExact = 1e30f;

    /// <summary>Returns the embeddings that have the highest cosine with the query, the highest first. Equal ones are returned in the order of the collection.</summary>
    /// <param name="embeddings">The embeddings to search, such as those of documents.</param>
    /// <param name="query">The embedding to compare with, such as that of a question.</param>
    /// <param name="topK">The maximum number of embeddings to return, at least 1. Default: 10.</param>
    /// <returns>The index of each found embedding in <paramref name="embeddings"/>, and its cosine with the query.</returns>
    /// <exception cref="ArgumentException">An embedding is null, or its size differs from that of the query.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="topK"/> is less than 1.</exception>
    public static IReadOnlyList<SearchHit> TopK(IReadOnlyList<float[]> embeddings, ReadOnlySpan<float> query, int topK = 10)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentOutOfRangeException.ThrowIfLessThan(topK, 1);
        var hits = new PriorityQueue<int, SearchHit>(Comparer<SearchHit>.Create((one, other) => one.Score.CompareTo(other.Score) is not 0 and var order ? order : other.Index.CompareTo(one.Index)));
        for (var i = 0; i < embeddings.Count; i++)
        {
            if (embeddings[i] is null)
                throw new ArgumentException($"Embedding {i} is null.", nameof(embeddings));
            if (embeddings[i].Length != query.Length)
                throw new ArgumentException($"Embedding {i} has {embeddings[i].Length} numbers, and the query {query.Length}; they should come from one model.", nameof(embeddings));
            var hit = new SearchHit(i, Cosine(embeddings[i], query));
            if (hits.Count < topK)
                hits.Enqueue(i, hit);
            else
                hits.EnqueueDequeue(i, hit);
        }
        var found = new SearchHit[hits.Count];
        for (var place = found.Length - 1; hits.TryDequeue(out _, out var hit); place--)
            found[place] = hit;
        return found;
    }

    /// <summary>Returns the cosine of the angle between two vectors, from -1 to 1; 0 if all numbers of one of them are 0.</summary>
    /// <param name="first">A vector.</param>
    /// <param name="second">Another vector of the same size.</param>
    /// <exception cref="ArgumentException">The vectors have different sizes.</exception>
    public static float Cosine(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"The vectors have {first.Length} and {second.Length} numbers; they should come from one model.", nameof(second));
        var (squares, otherSquares) = (Dot(first, first), Dot(second, second));
        return squares is > LeastExact and < MostExact && otherSquares is > LeastExact and < MostExact
            ? (float)Math.Clamp(Dot(first, second) / Math.Sqrt((double)squares * otherSquares), -1, 1)
            : WideCosine(first, second);
    }

    // Squares of very large and of very small numbers do not fit into 32 bits.
    private static float WideCosine(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var (product, squares, otherSquares) = (0d, 0d, 0d);
        for (var i = 0; i < first.Length; i++)
        {
            product += (double)first[i] * second[i];
            squares += (double)first[i] * first[i];
            otherSquares += (double)second[i] * second[i];
        }
        return squares == 0 || otherSquares == 0 ? 0 : (float)Math.Clamp(product / (Math.Sqrt(squares) * Math.Sqrt(otherSquares)), -1, 1);
    }

    private static float Dot(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var wideFirst = MemoryMarshal.Cast<float, Vector<float>>(first);
        var wideSecond = MemoryMarshal.Cast<float, Vector<float>>(second);
        var wide = Vector<float>.Zero;
        for (var i = 0; i < wideFirst.Length; i++)
            wide += wideFirst[i] * wideSecond[i];
        var sum = Vector.Sum(wide);
        for (var i = wideFirst.Length * Vector<float>.Count; i < first.Length; i++)
            sum += first[i] * second[i];
        return sum;
    }
}

/// <summary>An embedding that <see cref="SemanticSearch"/> has found.</summary>
/// <param name="Index">The index of the embedding in the collection that was searched.</param>
/// <param name="Score">The cosine of the embedding with the query, from -1 to 1.</param>
public readonly record struct SearchHit(int Index, float Score);
