using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A chat message: its role, its content, and any further fields that chat templates read, such as <c>tool_calls</c>, <c>tool_call_id</c>,
/// <c>name</c> and <c>reasoning_content</c>. Names and structure are those of Hugging Face Transformers.
/// </summary>
public sealed class ChatMessage
{
    /// <summary>Creates a message with text content.</summary>
    /// <param name="role">
    /// The author of the message: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or another role that the template knows.
    /// </param>
    /// <param name="content">The text, or null for a message without text, such as a tool call.</param>
    public ChatMessage(string role, string? content) : this(role, content is null ? null : JsonValue.Create(content))
    {
    }

    /// <summary>
    /// Creates a message whose content has several parts: an array of objects such as <c>{ "type": "text", "text": "..." }</c>, or whatever the
    /// template accepts.
    /// </summary>
    /// <param name="role">The author of the message.</param>
    /// <param name="content">The content, or null for a message without content.</param>
    public ChatMessage(string role, JsonNode? content)
    {
        ArgumentException.ThrowIfNullOrEmpty(role);
        Fields = new JsonObject { ["role"] = role };
        if (content is not null)
            Fields["content"] = content;
    }

    /// <summary>Creates a message from all its fields, such as a record of a chat dataset.</summary>
    /// <param name="fields">The fields, in the order in which templates see them.</param>
    public ChatMessage(JsonObject fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = fields;
    }

    /// <summary>Gets the fields by their names in templates. Templates treat null fields as undefined.</summary>
    public JsonObject Fields { get; }

    /// <summary>Gets the author of the message, or null if the <c>role</c> field is not a string.</summary>
    public string? Role => Text("role");

    /// <summary>Gets the text content, or null if there is none or the content has several parts.</summary>
    public string? Content => Text("content");

    /// <summary>Gets or sets a field by name; null if the message lacks it.</summary>
    public JsonNode? this[string field]
    {
        get => Fields[field];
        set => Fields[field] = value;
    }

    /// <summary>Creates a system message: instructions to the model that precede the conversation.</summary>
    public static ChatMessage System(string content) => new("system", content);

    /// <summary>Creates a user message.</summary>
    public static ChatMessage User(string content) => new("user", content);

    /// <summary>Creates an assistant message: an answer of the model.</summary>
    public static ChatMessage Assistant(string content) => new("assistant", content);

    /// <summary>Parses messages from a JSON array of objects.</summary>
    /// <param name="json">The JSON, such as <c>[{ "role": "user", "content": "Hello" }]</c>.</param>
    /// <exception cref="FormatException">The text is not valid JSON, or not an array of objects.</exception>
    public static IReadOnlyList<ChatMessage> ParseAll(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json);
        }
        catch (JsonException error)
        {
            throw new FormatException($"The messages are not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}).", error);
        }
        if (root is not JsonArray messages)
            throw new FormatException("The messages are not a JSON array.");
        return [.. messages.Select((message, i) => message is JsonObject fields
            ? new ChatMessage(fields)
            : throw new FormatException($"Message {i} is not a JSON object."))];
    }

    private string? Text(string field) => Fields[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
