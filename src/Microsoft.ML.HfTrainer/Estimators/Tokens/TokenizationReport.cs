using Microsoft.ML.HfTrainer.Native.MlNet;

namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>
/// Counts the empty and the truncated texts of a pass over data and warns once of each: at the end of the pass or, if its end is not known, at the first.
/// </summary>
internal sealed class TokenizationReport(MlHost host, TokenizeHfTransformer transformer, int cursors)
{
    private readonly bool _atOnce = cursors == 0;
    private int _cursorsLeft = cursors;
    private long _rows, _empty, _truncated;

    /// <summary>Counts a row. Any number of threads may call it at once.</summary>
    public void Add(RowTexts texts, TokenEncoding encoding)
    {
        Interlocked.Increment(ref _rows);
        if (texts.HasEmpty && Interlocked.Increment(ref _empty) == 1 && _atOnce)
            Warn(EmptyText("A row has"));
        if (encoding.Truncated && !transformer.Settings.Overflows && Interlocked.Increment(ref _truncated) == 1 && _atOnce)
            Warn(TruncatedText("A text has", "was"));
    }

    /// <summary>Writes the warnings when the last cursor of the pass has ended.</summary>
    public void CursorEnded()
    {
        if (Interlocked.Decrement(ref _cursorsLeft) != 0)
            return;
        if (_empty > 0)
            Warn(EmptyText(FormattableString.Invariant($"{_empty:N0} of {_rows:N0} rows have")));
        if (_truncated > 0)
            Warn(TruncatedText(FormattableString.Invariant($"{_truncated:N0} of {_rows:N0} rows have"), "were"));
    }

    private string EmptyText(string subject) => $"{subject} an empty or missing text in {Columns}; it was taken as an empty text.";

    private string TruncatedText(string subject, string verb) =>
        $"{subject} more than {transformer.MaxLength} tokens in {Columns} and {verb} truncated (maxLength {transformer.MaxLength}, tokenizer " +
        $"'{transformer.Tokenizer.Name}').";

    private string Columns => string.Join(" or ", transformer.Settings.Columns.Names.Select(name => $"'{name}'"));

    private void Warn(string message)
    {
        using var channel = host.Open("Tokenize");
        channel.Warning(message);
    }
}
