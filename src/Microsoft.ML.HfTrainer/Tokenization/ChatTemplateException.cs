namespace Microsoft.ML.HfTrainer;

/// <summary>A chat template is not well formed, cannot be rendered with the messages it was given, or refuses them.</summary>
public sealed class ChatTemplateException : Exception
{
    internal ChatTemplateException(string template, int line, int column, string reason, Exception? inner = null)
        : base($"The {template}, line {line}, column {column}: {reason}", inner)
    {
        (Line, Column, Reason) = (line, column, reason);
    }

    /// <summary>The line of the template, from 1.</summary>
    public int Line { get; }

    /// <summary>The column in that line, from 1, in UTF-16 units.</summary>
    public int Column { get; }

    /// <summary>What is wrong, without the place: where the template itself refuses its messages (<c>raise_exception</c>), the words of the template.</summary>
    public string Reason { get; }
}
