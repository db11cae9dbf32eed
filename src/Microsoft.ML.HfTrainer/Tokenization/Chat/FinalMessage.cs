using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>
/// Renders a chat up to the end of its last message. As in the original, a mark is put behind the message, and what the template writes
/// from the mark on is cut off.
/// </summary>
internal sealed class FinalMessage(string field)
{
    private const string Mark = "CONTINUE_FINAL_MESSAGE_TAG", MarkAndSpace = Mark + " ";

    public string Render(ChatTemplate template, ChatVariables variables, TimeProvider clock)
    {
        var message = variables.Messages[^1];
        if (!message.TryGet(field, out var content))
            throw new ArgumentException($"The last message has no '{field}' to go on with; its fields are {message.DescribeKeys()}.");
        var names = ChatVariables.NamesOf(field).Where(name => message.TryGet(name, out var value) && Equals(value, content)).ToArray();
        if (!names.Any(name => template.Text.Contains(name, StringComparison.Ordinal)))
            throw new ArgumentException($"The chat template does not write the field '{field}' of a message, so it cannot be gone on with.");
        var (text, marked) = MarkEnd(content);
        var last = new MappingValue(message.Entries.Select(entry => names.Contains((string?)entry.Key) ? KeyValuePair.Create(entry.Key, marked) : entry));
        var rendered = template.Render(variables.WithLast(last), variables.Size, clock).Text;
        var end = rendered.LastIndexOf(Mark, StringComparison.Ordinal);
        if (end < 0 || !rendered.Contains(Whitespace.Trim(text, null, true, true), StringComparison.Ordinal))
            throw new ArgumentException($"The chat template does not write the last message as it is, so it cannot be gone on with: {Literal.Short(text)}.");
        // A template that trims messages has taken the space behind the mark, and would have taken what is before it.
        return rendered.AsSpan(end).StartsWith(MarkAndSpace) ? rendered[..end] : Whitespace.Trim(rendered[..end], null, left: false, right: true);
    }

    // The text that is continued, and the content with the mark behind that text: of parts, the last with a text.
    private (string Text, object? Marked) MarkEnd(object? content)
    {
        if (content is string text)
            return (text, text + MarkAndSpace);
        if (content is ListValue parts)
        {
            object?[] items = [.. parts.Elements];
            for (var i = items.Length - 1; i >= 0; i--)
            {
                if (items[i] is not MappingValue part || !part.TryGet("text", out var value) || value is not string last)
                    continue;
                items[i] = new MappingValue([.. part.Entries, KeyValuePair.Create((object?)"text", (object?)(last + MarkAndSpace))]);
                return (last, new ListValue(items));
            }
        }
        throw new ArgumentException($"'{field}' of the last message has no text to go on with.");
    }
}
