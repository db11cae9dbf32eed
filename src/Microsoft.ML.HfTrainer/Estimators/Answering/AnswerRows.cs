using Microsoft.ML.HfTrainer.Estimators.Tasks;
using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Answering;

/// <summary>Makes examples of rows with answers: one of each window, with the place of the answer in it.</summary>
/// <param name="host">Takes warnings.</param>
/// <param name="settings">The windows.</param>
/// <param name="answer">The name of the column of answers.</param>
/// <param name="isCut">true if contexts were cut before they came here, perhaps in front of an answer.</param>
internal sealed class AnswerRows(MlHost host, AnsweringSettings settings, string answer, bool isCut)
{
    /// <summary>The values of a row: its context, its answers and their starts in the context.</summary>
    public const string Context = "context", Answers = "answers", Starts = "answer_starts";

    /// <summary>What a window of a validation set has beside what the model takes.</summary>
    public const string Row = "row", Offsets = "context_offsets";

    private const int Listed = 5;

    public IEnumerable<Example> OfTraining(IEnumerable<TaskRow> rows) => Examples(rows, isValidation: false);

    /// <summary>Makes examples from which <see cref="AnswerEvaluation"/> finds the answers of whole rows. The first window of a row has its texts.</summary>
    public IEnumerable<Example> OfValidation(IEnumerable<TaskRow> rows) => Examples(rows, isValidation: true);

    private IEnumerable<Example> Examples(IEnumerable<TaskRow> rows, bool isValidation)
    {
        var (count, misfits) = (0, new List<string>());
        foreach (var row in rows)
        {
            var texts = row[Answers].Texts.Where(text => text.Length > 0).ToArray();
            if (Place(row) is { } place)
                foreach (var (i, window) in row.Windows(settings.WindowLength, settings.Stride).Index())
                {
                    var example = window.Tokens.ToExample();
                    var (start, end) = place.In(window);
                    (example["start_positions"], example["end_positions"]) = (start, end);
                    if (isValidation)
                        (example[Row], example[Offsets]) = (count, AnswerPlace.ContextOffsets(window.Tokens));
                    if (isValidation && i == 0)
                        (example[Context], example[Answers]) = (row[Context], texts);
                    yield return example;
                }
            else
                misfits.Add($"{row.Name} ('{texts[0]}')");
            count++;
        }
        if (misfits.Count == 0)
            yield break;
        var list = $"{string.Join(", ", misfits.Take(Listed))}{(misfits.Count > Listed ? " and others" : "")}";
        var right = "An answer is a part of its context, letter by letter, and its index is where it begins there, in UTF-16 code units."
            + (isCut ? $" TokenizeHf cuts contexts, so that answers behind the cut are lost: create its options with {nameof(TokenizeHfOptions)}.{nameof(TokenizeHfOptions.ForQuestionAnswering)}, which does not." : "");
        if (misfits.Count == count)
            throw host.Mark(new InvalidDataException($"No answer in '{answer}' stands in its context at its index: {list}. {right}"));
        host.Warn(FormattableString.Invariant($"{misfits.Count:N0} of {count:N0} rows were left out, since their answer in '{answer}' does not stand in the context at its index: {list}. {right}"));
    }

    // Null if none of the answers is where its index says. Of several, the first one that is there is learned.
    private AnswerPlace? Place(TaskRow row)
    {
        var (texts, starts, context) = (row[Answers].Texts, row[Starts].Integers.ToArray(), row[Context].Text);
        if (texts.Count != starts.Length)
            throw row.Refuse($"has {texts.Count} answers in '{answer}' and {starts.Length} indices; there should be one for each answer.");
        var (isThere, found) = (false, (AnswerPlace?)null);
        foreach (var (text, start) in texts.Zip(starts))
        {
            if (text.Length == 0)
                continue;
            isThere = true;
            if (start < 0 || start > context.Length - text.Length)
                throw row.Refuse($"has an answer of {text.Length} characters at {start} in '{answer}'; it should be within the {context.Length} characters of the context in '{settings.Context}'.");
            if (found is null && context.AsSpan(start, text.Length).SequenceEqual(text) && text.AsSpan().Trim().Length > 0)
                found = AnswerPlace.Of(row.Tokens[0], start + text.Length - text.AsSpan().TrimStart().Length, start + text.AsSpan().TrimEnd().Length);
        }
        return isThere ? found : settings.Finder.AllowNoAnswer ? AnswerPlace.None : throw row.Refuse(
            $"has no answer in '{answer}'; set {nameof(QuestionAnsweringOptions.AllowNoAnswer)} if questions may have none, or filter the row out.");
    }
}
