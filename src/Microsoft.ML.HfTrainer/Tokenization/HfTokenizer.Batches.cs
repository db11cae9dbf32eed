using System.Collections.Concurrent;

namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTokenizer
{
    // Few enough shares that the last ones finish at about the same time, enough that handing them out costs nothing.
    private const int SharesPerThread = 16, LargestShare = 64;

    /// <summary>Encodes a batch of texts, or of pairs of texts, in parallel.</summary>
    /// <param name="texts">The texts, or the first text of each pair.</param>
    /// <param name="pairs">
    /// The second text of each pair, or null if there are no pairs. A null element means that its text has no pair; an empty string is a text like
    /// any other.
    /// </param>
    /// <param name="options">Special tokens, truncation, padding and threads. If null, special tokens are added and nothing is truncated or padded.</param>
    /// <returns>The encodings in the order of the texts.</returns>
    /// <exception cref="ArgumentException">A text is null, or cannot be truncated as requested; the message gives its index.</exception>
    /// <exception cref="InvalidOperationException">Padding is requested, but the tokenizer has no padding token.</exception>
    public BatchEncoding EncodeBatch(IReadOnlyList<string> texts, IReadOnlyList<string?>? pairs = null, EncodeOptions? options = null) =>
        EncodeBatch(texts, pairs, EncodeSingle, options);

    /// <summary>Encodes a batch of texts, or of pairs of texts, that are already split into words, in parallel.</summary>
    /// <param name="words">The words of each text, or of the first text of each pair.</param>
    /// <param name="pairs">The words of the second text of each pair, or null if there are no pairs. A null element means that its text has no pair.</param>
    /// <param name="options">Special tokens, truncation, padding and threads. If null, special tokens are added and nothing is truncated or padded.</param>
    /// <inheritdoc cref="EncodeBatch"/>
    public BatchEncoding EncodeWordsBatch(
        IReadOnlyList<IReadOnlyList<string>> words, IReadOnlyList<IReadOnlyList<string>?>? pairs = null, EncodeOptions? options = null) =>
        EncodeBatch(words, pairs, EncodeSingle, options);

    /// <summary>Decodes a batch of token id sequences in parallel.</summary>
    /// <param name="ids">The token ids of each text; ids outside the vocabulary are ignored.</param>
    /// <param name="skipSpecialTokens">true to leave out special tokens. Default: true.</param>
    /// <param name="cleanUpTokenizationSpaces">
    /// true to remove spaces before punctuation, as in <see cref="Decode(IReadOnlyList{int}, bool, bool?, bool)"/>.
    /// </param>
    /// <param name="asSource">true if the ids are those of a translation model's source language. Default: false.</param>
    /// <returns>The texts in the order of the input.</returns>
    public IReadOnlyList<string> DecodeBatch(
        IReadOnlyList<IReadOnlyList<int>> ids, bool skipSpecialTokens = true, bool? cleanUpTokenizationSpaces = null, bool asSource = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ForEach(ids.Count, -1, i => Decode(Required(ids, i), skipSpecialTokens, cleanUpTokenizationSpaces, asSource));
    }

    private BatchEncoding EncodeBatch<T>(
        IReadOnlyList<T> inputs, IReadOnlyList<T?>? pairs, Func<T, T?, EncodeOptions, TokenEncoding> encode, EncodeOptions? options)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (pairs is not null && pairs.Count != inputs.Count)
            throw new ArgumentException($"there are {pairs.Count} second texts for {inputs.Count} first texts; the numbers must be equal.", nameof(pairs));
        options ??= EncodeOptions.Default;
        if (options.MaxDegreeOfParallelism is 0 or < -1)
            throw new ArgumentException($"MaxDegreeOfParallelism is {options.MaxDegreeOfParallelism}; it must be a number of threads, or -1.", nameof(options));
        IReadOnlyList<TokenEncoding> encodings =
            ForEach(inputs.Count, options.MaxDegreeOfParallelism, i => encode(Required(inputs, i), pairs?[i], options));
        if (options.Padding is { } padding)
            encodings = Pad(encodings, padding);
        return options.ReturnOverflowingTokens ? BatchEncoding.WithOverflow(encodings) : new BatchEncoding(encodings);
    }

    private static T Required<T>(IReadOnlyList<T> inputs, int index)
        where T : class => inputs[index] ?? throw new ArgumentException("a text is null.");

    /// <summary>Returns the results in order. If several calls fail, the exception of the lowest index is thrown, whichever thread failed first.</summary>
    internal static TResult[] ForEach<TResult>(int count, int threads, Func<int, TResult> work)
    {
        var results = new TResult[count];
        var most = Math.Min(threads < 0 ? Environment.ProcessorCount : threads, count);
        if (most <= 1)
        {
            for (var i = 0; i < count; i++)
                results[i] = Run(i);
            return results;
        }
        var share = Math.Clamp(count / (most * SharesPerThread), 1, LargestShare);
        (int Index, Exception Error)? failed = null;
        var sync = new Lock();
        Parallel.ForEach(Partitioner.Create(0, count, share), new ParallelOptions { MaxDegreeOfParallelism = most }, (range, state) =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
            {
                try
                {
                    results[i] = Run(i);
                }
                catch (Exception error)
                {
                    lock (sync)
                        failed = failed is { } other && other.Index < i ? other : (i, error);
                    // Ranges are handed out in ascending order, so every range before this one runs to its end.
                    state.Break();
                    return;
                }
            }
        });
        return failed is null ? results : throw failed.Value.Error;

        TResult Run(int i)
        {
            try
            {
                return work(i);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or TimeoutException)
            {
                throw WithIndex(error, i);
            }
        }
    }

    private static Exception WithIndex(Exception error, int index)
    {
        var message = $"Text {index} of the batch: {error.Message}";
        return error switch
        {
            ArgumentException => new ArgumentException(message, error),
            TimeoutException => new TimeoutException(message, error),
            _ => new InvalidOperationException(message, error),
        };
    }
}
