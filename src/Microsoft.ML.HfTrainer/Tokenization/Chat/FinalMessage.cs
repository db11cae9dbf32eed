using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>
/// Renders a chat up to the end of its last message. As in Hugging Face Transformers, a marker is appended to the message, and the rendered text is
/// cut at the marker.
/// </summary>
internal sealed class FinalMessage(string field)
{
    private const string Marker = "CONTINUE_FINAL_MESSAGE_TAG", MarkerAndSpace = Marker + " ";

    public string Render(ChatTemplate template, ChatVariables variables, TimeProvider clock)
    {
        var message = variables.Messages[^1];
        if (!message.TryGet(field, out var content))
            throw new ArgumentException($"The last message has no '{field}' to continue; its fields are {message.DescribeKeys()}.");
        var names = ChatVariables.NamesOf(field).Where(name => message.TryGet(name, out var value) && Equals(value, content)).ToArray();
        if (!names.Any(name => template.Text.Contains(name, StringComparison.Ordinal)))
            throw new ArgumentException($"The chat template does not render the field '{field}' of a message, so it cannot be continued.");
        var (text, withMarker) = AppendMarker(content);
        var last = new MappingValue(message.Entries.Select(entry => names.Contains((string?)entry.Key) ? KeyValuePair.Create(entry.Key, withMarker) : entry));
        var rendered = template.Render(variables.WithLast(last), variables.Size, clock).Text;
        var end = rendered.LastIndexOf(Marker, StringComparison.Ordinal);
        if (end < 0 || !rendered.Contains(Whitespace.Trim(text, null, true, true), StringComparison.Ordinal))
            throw new ArgumentException($"The chat template does not render the last message unchanged, so it cannot be continued: {Literal.Short(text)}.");
        // If the space after the marker is missing, the template trims messages and would have removed trailing whitespace of the text, too.
        return rendered.AsSpan(end).StartsWith(MarkerAndSpace) ? rendered[..end] : Whitespace.Trim(rendered[..end], null, left: false, right: true);
    }

    // Returns the text that is continued, and the content with the marker after that text; of several parts, the last one with text.
    private (string Text, object? WithMarker) AppendMarker(object? content)
    {
        if (content is string text)
            return (text, text + MarkerAndSpace);
        if (content is ListValue parts)
        {
            object?[] items = [.. parts.Elements];
            for (var i = items.Length - 1; i >= 0; i--)
            {
                if (items[i] is not MappingValue part || !part.TryGet("text", out var value) || value is not string last)
                    continue;
                items[i] = new MappingValue([.. part.Entries, KeyValuePair.Create((object?)"text", (object?)(last + MarkerAndSpace))]);
                return (last, new ListValue(items));
            }
        }
        throw new ArgumentException($"'{field}' of the last message has no text to continue.");
    }
}
