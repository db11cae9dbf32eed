namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>The source of a template, with an index of its lines.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lineStarts = [0];

    /// <summary>
    /// Normalizes the text as Jinja2 does: all line ends become <c>
    /// </c>, and a final one is dropped.
    /// </summary>
    public SourceText(string text)
    {
        Text = text.Contains('\r') ? text.Replace("\r\n", "\n").Replace('\r', '\n') : text;
        if (Text.EndsWith('\n'))
            Text = Text[..^1];
        for (var i = Text.IndexOf('\n'); i >= 0; i = Text.IndexOf('\n', i + 1))
            _lineStarts.Add(i + 1);
    }

    public string Text { get; }

    public Position At(int index)
    {
        var line = _lineStarts.BinarySearch(index);
        if (line < 0)
            line = ~line - 1;
        return new Position(line + 1, index - _lineStarts[line] + 1);
    }
}
