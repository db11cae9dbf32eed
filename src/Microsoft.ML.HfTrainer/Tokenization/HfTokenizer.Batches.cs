using System.Collections.Concurrent;

namespace Microsoft.ML.HfTrainer;

public sealed partial class HfTokenizer
{
    // Few enough that the last batches of work end together, enough that handing them out costs nothing.
    private const int SharesAThread = 16, LargestShare = 64;

    /// <summary>Encodes many texts, or pairs of texts, on all processors.</summary>
    /// <param name="texts">The texts, or the first of each pair.</param>
    /// <param name="pairs">The second texts, as many; null for none. Among them null stands for a text without a second one, and an empty text is one like any other.</param>
    /// <param name="options">Special tokens, truncation, padding and threads; null for special tokens and no more.</param>
    /// <returns>The encodings in the order of the texts.</returns>
    /// <exception cref="ArgumentException">A text is null, or the truncation asked for is not possible with it; the message has its index.</exception>
    /// <exception cref="InvalidOperationException">Padding is asked for and there is no padding token.</exception>
    public BatchEncoding EncodeBatch(IReadOnlyList<string> texts, IReadOnlyList<string?>? pairs = null, EncodeOptions? options = null) =>
        EncodeBatch(texts, pairs, EncodeAlone, options);

    /// <summary>Encodes many texts, or pairs of texts, that are split into words already, on all processors.</summary>
    /// <param name="words">The words of each text, or of the first of each pair.</param>
    /// <param name="pairs">The words of the second texts, as many; null for none, and null among them for a text without a second one.</param>
    /// <param name="options">Special tokens, truncation, padding and threads; null for special tokens and no more.</param>
    /// <inheritdoc cref="EncodeBatch"/>
    public BatchEncoding EncodeWordsBatch(
        IReadOnlyList<IReadOnlyList<string>> words, IReadOnlyList<IReadOnlyList<string>?>? pairs = null, EncodeOptions? options = null) =>
        EncodeBatch(words, pairs, EncodeAlone, options);

    /// <summary>Makes text of the tokens of many texts, on all processors.</summary>
    /// <param name="ids">The ids of each text; those without a token are passed over.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out. Default: true.</param>
    /// <param name="cleanUpTokenizationSpaces">Whether spaces before punctuation are taken away, as in <see cref="Decode(IReadOnlyList{int}, bool, bool?, bool)"/>.</param>
    /// <param name="asSource">Whether the tokens are of the language that a translation model gets. Default: false.</param>
    /// <returns>The texts in the same order.</returns>
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
            throw new ArgumentException($"there are {pairs.Count} second texts for {inputs.Count} first ones; there must be as many.", nameof(pairs));
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
        where T : class => inputs[index] ?? throw new ArgumentException("found null where a text belongs.");

    /// <summary>The results in order; of several failures the one with the lowest index is thrown, whatever thread came first.</summary>
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
        var share = Math.Clamp(count / (most * SharesAThread), 1, LargestShare);
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
                    // Ranges are handed out from the first on, so that those before this one are done to their ends.
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
                throw Named(error, i);
            }
        }
    }

    private static Exception Named(Exception error, int index)
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
