namespace Microsoft.ML.HfTrainer;

/// <summary>The exception thrown if a chat template has a syntax error, fails while rendering, or rejects the messages.</summary>
public sealed class ChatTemplateException : Exception
{
    internal ChatTemplateException(string template, int line, int column, string reason, Exception? inner = null)
        : base($"The {template}, line {line}, column {column}: {reason}", inner)
    {
        (Line, Column, Reason) = (line, column, reason);
    }

    /// <summary>Gets the one-based line number in the template.</summary>
    public int Line { get; }

    /// <summary>Gets the one-based column number in that line, in UTF-16 code units.</summary>
    public int Column { get; }

    /// <summary>
    /// Gets the reason without the position. If the template rejected the messages with <c>raise_exception</c>, this is the template's own message.
    /// </summary>
    public string Reason { get; }
}
