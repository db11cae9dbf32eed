namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Finds answers in the scores of an extractive question answering model, which may have read a long context in several windows (<c>postprocess_qa_predictions</c>
/// of the question answering script of Hugging Face).
/// </summary>
public sealed record AnswerFinder
{
    /// <summary>Gets the number of starts and of ends that are considered in each window, and of answers that are kept, at least 1 (<c>n_best_size</c>). Default: 20.</summary>
    public int NBestSize { get; init => field = AtLeastOne(value, nameof(NBestSize)); } = 20;

    /// <summary>Gets the maximum length of an answer in tokens, at least 1 (<c>max_answer_length</c>). Default: 30.</summary>
    public int MaxAnswerLength { get; init => field = AtLeastOne(value, nameof(MaxAnswerLength)); } = 30;

    /// <summary>Gets whether a context may lack the answer (<c>version_2_with_negative</c>). The score of no answer is that of the first token. Default: false.</summary>
    public bool AllowNoAnswer { get; init; }

    /// <summary>
    /// Gets the difference of scores above which no answer is returned: the score of no answer minus that of the best answer (<c>null_score_diff_threshold</c>). It has an effect only if
    /// <see cref="AllowNoAnswer"/> is set. Default: 0.
    /// </summary>
    public double NullScoreDiffThreshold
    {
        get;
        init => field = double.IsNaN(value) ? throw new ArgumentOutOfRangeException(nameof(NullScoreDiffThreshold), $"{nameof(NullScoreDiffThreshold)} is NaN; it should be a number.") : value;
    }

    /// <summary>Finds the answers to a question.</summary>
    /// <param name="context">The context.</param>
    /// <param name="windows">The scores of the question with each window of the context, at least one.</param>
    /// <returns>The best answer and the other candidates.</returns>
    /// <exception cref="ArgumentException">There are no windows, or a token is not within the context.</exception>
    public FoundAnswers Find(string context, params IReadOnlyList<AnswerWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(windows);
        if (windows.Count == 0)
            throw new ArgumentException("There are no windows; a question has at least one.", nameof(windows));
        var spans = windows.SelectMany(Spans).ToList();
        var none = AllowNoAnswer ? windows.Select(NoAnswer).MinBy(span => span.Score) : default(Span?);
        if (none is { } candidate)
            spans.Add(candidate);
        // Sorting is stable: equal scores stay in the order of the windows.
        var best = spans.OrderByDescending(span => span.Score).Take(NBestSize).ToList();
        if (none is { } cutOff && !best.Exists(span => span.IsNoAnswer))
            best.Add(cutOff);
        var candidates = Candidates(context, best);
        var answer = candidates.FirstOrDefault(found => !found.IsNoAnswer);
        if (none is not { } no)
            return new FoundAnswers(candidates, answer, null);
        var difference = answer is null ? (double?)null : (double)no.Score - answer.StartLogit - answer.EndLogit;
        return new FoundAnswers(candidates, difference is null || difference > NullScoreDiffThreshold ? candidates.First(found => found.IsNoAnswer) : answer, difference);
    }

    private IEnumerable<Span> Spans(AnswerWindow window)
    {
        var (starts, ends) = (Best(window.StartLogits), Best(window.EndLogits));
        foreach (var start in starts.Where(token => token < window.Offsets.Count))
            foreach (var end in ends.Where(token => token < window.Offsets.Count))
                if (end >= start && end - start < MaxAnswerLength && window.Offsets[start] is { } first && window.Offsets[end] is { } last && last.End > first.Start)
                    yield return new Span(first.Start, last.End, window.StartLogits.Span[start], window.EndLogits.Span[end]);
    }

    private static Span NoAnswer(AnswerWindow window) => new(0, 0, window.StartLogits.Span[0], window.EndLogits.Span[0]);

    private int[] Best(ReadOnlyMemory<float> logits) =>
        [.. Enumerable.Range(0, logits.Length).OrderByDescending(token => logits.Span[token]).Take(NBestSize)];

    private static List<AnswerSpan> Candidates(string context, List<Span> spans)
    {
        if (spans.Count == 0)
            return [];
        var highest = spans.Max(span => span.Score);
        var exponentials = spans.ConvertAll(span => Math.Exp(span.Score - highest));
        var sum = exponentials.Sum();
        return [.. spans.Zip(exponentials, (span, exponential) => new AnswerSpan(TextOf(context, span), span.Start, span.End, span.StartLogit, span.EndLogit, exponential / sum))];
    }

    private static string TextOf(string context, Span span) => span.Start >= 0 && span.End <= context.Length
        ? context[span.Start..span.End]
        : throw new ArgumentException($"A token is at {span.Start} to {span.End}, beyond the {context.Length} characters of the context; the windows should be those of this context.", nameof(context));

    private static int AtLeastOne(int value, string name) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it should be at least 1.");

    private readonly record struct Span(int Start, int End, float StartLogit, float EndLogit)
    {
        public float Score => StartLogit + EndLogit;

        public bool IsNoAnswer => Start == End;
    }
}
